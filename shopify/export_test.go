package shopify

// EstimateCost lets tests hold the prediction against the server.
var EstimateCost = estimateCost
