module github.com/soukhq/souk

go 1.26.0

require github.com/shopspring/decimal v1.6.0

require github.com/google/go-cmp v0.7.0 // indirect
