import { readFileSync } from 'node:fs';
import { Router } from 'express';
import request from 'supertest';
import { parse } from 'yaml';
import { InMemoryTopology } from '../__testUtils__/inMemoryTopology';
import { startPlugin } from '../__testUtils__/startPlugin';
import { ApiDocument } from '../openapi/apiDocument';
import { createRouter } from './router';

const base = '/api/kubernetes-topology';

/** `get /clusters/{name}/health` */
function routesOf(router: Router): string[] {
  return router.stack.flatMap(({ route }: any) =>
    route
      ? Object.keys(route.methods).map(
          method => `${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`,
        )
      : [],
  );
}

describe('the OpenAPI document', () => {
  it('has every route of the router, and nothing else', () => {
    // Routes are only added, nothing is asked.
    const services: any = new Proxy({}, { get: () => ({}) });
    expect(routesOf(createRouter(services)).sort()).toEqual(
      ApiDocument.load()
        .operations.map(({ method, path }) => `${method} ${path}`)
        .sort(),
    );
  });

  it('has an answer for faults, an id and a sentence for each', () => {
    const { json, operations } = ApiDocument.load();
    const ids = operations.map(
      ({ method, path }) => json.paths[path][method].operationId,
    );
    expect(new Set(ids).size).toBe(operations.length);
    for (const { method, path, responses } of operations) {
      expect([method, path, Object.keys(responses)]).toEqual([
        method,
        path,
        expect.arrayContaining(['default']),
      ]);
      expect(json.paths[path][method].summary).toMatch(/^[A-Z]/);
    }
  });

  it('refers to nothing that it lacks', () => {
    const { json } = ApiDocument.load();
    const references = JSON.stringify(json).matchAll(/"\$ref":"#\/([^"]+)"/g);
    for (const [, reference] of references) {
      const found = reference
        .split('/')
        .reduce<any>((part, name) => part?.[name], json);
      expect([reference, found !== undefined]).toEqual([reference, true]);
    }
  });

  it('is served as YAML and JSON', async () => {
    const { server, stop } = await startPlugin({
      topology: new InMemoryTopology(),
    });
    const yaml = await request(server).get(`${base}/openapi.yaml`);
    const json = await request(server).get(`${base}/openapi.json`);
    await stop();
    expect([yaml.status, json.status]).toEqual([200, 200]);
    const text = yaml.text ?? yaml.body.toString();
    expect(parse(text)).toEqual(json.body);
    expect(json.body).toEqual(
      parse(readFileSync(`${__dirname}/../schema/openapi.yaml`, 'utf8')),
    );
  });
});
