window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "none",
  displayRequestDuration: true,
  // No service elsewhere is asked whether the document is valid; a test has.
  validatorUrl: null,
});
