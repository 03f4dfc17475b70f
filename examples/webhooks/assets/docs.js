"use strict";
SwaggerUIBundle({url: "/openapi.json", dom_id: "#viewer", presets: [SwaggerUIBundle.presets.apis], layout: "BaseLayout", validatorUrl: null});
