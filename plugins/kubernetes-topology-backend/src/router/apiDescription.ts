import type { Router } from 'express';
import { ApiDocument } from '../openapi/apiDocument';

/** `GET /openapi.json` and `/openapi.yaml`: what the API is. It is no secret to whoever is signed in. */
export function addApiDescription(router: Router, document: ApiDocument): void {
  router.get('/openapi.json', async (_request, response) => {
    response.json(document.json);
  });
  router.get('/openapi.yaml', async (_request, response) => {
    response.type('application/yaml').send(document.yaml);
  });
}
