module example.com/stall

go 1.26.0

require (
	github.com/shopspring/decimal v1.6.0
	github.com/soukhq/souk v0.0.0
)

require (
	github.com/google/go-cmp v0.7.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-retryablehttp v0.7.8 // indirect
	golang.org/x/oauth2 v0.37.0 // indirect
	golang.org/x/time v0.16.0 // indirect
)

replace github.com/soukhq/souk => ../../
