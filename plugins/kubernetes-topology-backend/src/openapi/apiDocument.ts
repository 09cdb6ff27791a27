import { resolvePackagePath } from '@backstage/backend-plugin-api';
import Ajv, { ErrorObject, ValidateFunction } from 'ajv';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A JSON schema of the document; its references are resolved by `ApiDocument`. */
export type ApiSchema = { readonly [keyword: string]: unknown };

export interface ApiParameter {
  name: string;
  in: 'query' | 'path';
  required?: boolean;
  schema: ApiSchema;
}

export interface ApiContent {
  [mediaType: string]: { schema: ApiSchema };
}

export interface ApiOperation {
  /** In lower case, as in the document. */
  method: string;
  /** With parameters as in the document: `/clusters/{name}/health`. */
  path: string;
  parameters: readonly ApiParameter[];
  body?: { required: boolean; schema: ApiSchema };
  /** By status; `default` for all others. */
  responses: Record<string, { content?: ApiContent }>;
}

const METHODS = ['get', 'post', 'put', 'delete', 'patch'];
const ID = 'openapi';

interface RawOperation {
  parameters?: unknown[];
  requestBody?: {
    required?: boolean;
    content: { 'application/json': { schema: ApiSchema } };
  };
  responses: Record<string, unknown>;
}

/** The API's OpenAPI document: what the routes check requests against, and what they serve about themselves. */
export class ApiDocument {
  readonly yaml: string;
  readonly json: { [member: string]: any };
  readonly operations: readonly ApiOperation[];
  /** The document with references that a validator finds from anywhere. */
  readonly #anchored: { [member: string]: any };

  private constructor(yaml: string) {
    this.yaml = yaml;
    this.json = parse(yaml);
    this.#anchored = JSON.parse(
      JSON.stringify(this.json).replaceAll('"#/', `"${ID}#/`),
    );
    this.operations = Object.entries<Record<string, RawOperation>>(
      this.#anchored.paths,
    ).flatMap(([path, item]) =>
      METHODS.filter(method => method in item).map(method =>
        this.#operation(method, path, item[method]),
      ),
    );
  }

  static load(): ApiDocument {
    return new ApiDocument(
      readFileSync(
        resolvePackagePath(
          '@kubernetes-topology/plugin-kubernetes-topology-backend',
          'src/schema/openapi.yaml',
        ),
        'utf8',
      ),
    );
  }

  /** A check of values against schemas of the document. `coerce`: texts of a URL become the numbers that they read as. */
  validator(options: {
    coerce: boolean;
  }): (schema: ApiSchema) => ValidateFunction {
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      useDefaults: true,
      coerceTypes: options.coerce && 'array',
      validateFormats: false,
    });
    ajv.addSchema(this.#anchored, ID);
    return schema => ajv.compile(schema);
  }

  #operation(method: string, path: string, raw: RawOperation): ApiOperation {
    const body = raw.requestBody;
    return {
      method,
      path,
      parameters: (raw.parameters ?? []).map(
        each => this.#resolved(each) as unknown as ApiParameter,
      ),
      ...(body && {
        body: {
          required: body.required ?? false,
          schema: body.content['application/json'].schema,
        },
      }),
      responses: Object.fromEntries(
        Object.entries(raw.responses).map(([status, response]) => [
          status,
          this.#resolved(response) as { content?: ApiContent },
        ]),
      ),
    };
  }

  #resolved(value: unknown): { [member: string]: unknown } {
    const { $ref } = value as { $ref?: string };
    if ($ref === undefined) {
      return value as { [member: string]: unknown };
    }
    return $ref
      .slice(`${ID}#/`.length)
      .split('/')
      .reduce<any>((part, name) => part[name], this.#anchored);
  }
}

/** Each fault with the place where it is, for people. */
export function faultTexts(errors: readonly ErrorObject[]): string[] {
  return [...new Set(errors.map(faultText))];
}

function faultText({
  instancePath,
  keyword,
  params,
  message,
}: ErrorObject): string {
  const place = instancePath.slice(1).replaceAll('/', '.');
  const inside = (name: string) => (place === '' ? name : `${place}.${name}`);
  switch (keyword) {
    case 'required':
      return `${inside(params.missingProperty)} is missing`;
    case 'additionalProperties':
      return `${inside(params.additionalProperty)} is not known here`;
    case 'enum':
      return `${place}: expected one of ${params.allowedValues.join(', ')}`;
    default:
      return `${place === '' ? 'the body' : place}: ${message}`;
  }
}
