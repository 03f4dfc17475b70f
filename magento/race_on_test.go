//go:build race

package magento_test

const raceEnabled = true
