// Decides how the interface description is drawn: Swagger UI with our own files, asking no other host.

const place = document.getElementById("contract");
// Swagger UI knows light alone.
document.documentElement.dataset.bsTheme = "light";
window.SwaggerUIBundle({
  url: place.dataset.description,
  domNode: place,
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: false,
});
