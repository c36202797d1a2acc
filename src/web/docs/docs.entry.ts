/** Starts Swagger UI on the service's own OpenAPI document. */
import { BASE } from '../page/base.ts';

declare const SwaggerUIBundle: (options: {
  url: string;
  dom_id: string;
  deepLinking: boolean;
  validatorUrl: null;
}) => void;

SwaggerUIBundle({
  url: `${BASE}/openapi.json`,
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
});
