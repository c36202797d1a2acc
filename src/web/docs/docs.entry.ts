/** Starts Swagger UI on the service's own OpenAPI document. */
declare const SwaggerUIBundle: (options: {
  url: string;
  dom_id: string;
  deepLinking: boolean;
  validatorUrl: null;
}) => void;

SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });

export {};
