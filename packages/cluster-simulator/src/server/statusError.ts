import { groupResource, ResourceType } from '../resources/resourceType';

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: { reason?: string; message?: string; field?: string }[];
  retryAfterSeconds?: number;
}

/** A refusal as the API server words it; `status` is the body of the answer. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  /** The token with which an expired paged list can be ended. */
  readonly continue: string | undefined;

  constructor(
    code: number,
    reason: string,
    message: string,
    details?: StatusDetails,
    continueToken?: string,
  ) {
    super(message);
    this.name = 'StatusError';
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.continue = continueToken;
  }

  get status() {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.continue ? { continue: this.continue } : {},
      status: 'Failure',
      message: this.message,
      reason: this.reason || undefined,
      details: this.details,
      code: this.code,
    };
  }

  static badRequest(message: string): StatusError {
    return new StatusError(400, 'BadRequest', message);
  }

  static unauthorized(): StatusError {
    return new StatusError(401, 'Unauthorized', 'Unauthorized');
  }

  static notFound(type: ResourceType, name: string): StatusError {
    return new StatusError(
      404,
      'NotFound',
      `${groupResource(type)} "${name}" not found`,
      detailsOf(type, name),
    );
  }

  static methodNotAllowed(): StatusError {
    return new StatusError(
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
      {},
    );
  }

  static notAcceptable(): StatusError {
    return new StatusError(
      406,
      'NotAcceptable',
      'only the following media types are accepted: application/json',
    );
  }

  static alreadyExists(type: ResourceType, name: string): StatusError {
    return new StatusError(
      409,
      'AlreadyExists',
      `${groupResource(type)} "${name}" already exists`,
      detailsOf(type, name),
    );
  }

  static conflict(
    type: ResourceType,
    name: string,
    because = 'the object has been modified; please apply your changes to the latest version and try again',
  ): StatusError {
    return new StatusError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${groupResource(
        type,
      )} "${name}": ${because}`,
      detailsOf(type, name),
    );
  }

  static expired(message: string, continueToken?: string): StatusError {
    return new StatusError(410, 'Expired', message, undefined, continueToken);
  }

  static unsupportedMediaType(supported: readonly string[]): StatusError {
    return new StatusError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${supported.join(
        ', ',
      )}`,
    );
  }

  /** @param what the kind with its group, as `Deployment.apps` */
  static invalid(
    what: string,
    name: string,
    field: string,
    problem: string,
  ): StatusError {
    const [kind, ...group] = what.split('.');
    return new StatusError(
      422,
      'Invalid',
      `${what} "${name}" is invalid: ${field}: ${problem}`,
      {
        name,
        group: group.join('.') || undefined,
        kind,
        causes: [
          {
            reason: problem.startsWith('Forbidden')
              ? 'FieldValueForbidden'
              : 'FieldValueInvalid',
            message: problem,
            field,
          },
        ],
      },
    );
  }

  /** A list or get from a revision that does not exist yet. */
  static tooLargeResourceVersion(asked: number, now: number): StatusError {
    return new StatusError(
      504,
      'Timeout',
      `Too large resource version: ${asked}, current: ${now}`,
      {
        causes: [
          {
            reason: 'ResourceVersionTooLarge',
            message: 'Too large resource version',
          },
        ],
        retryAfterSeconds: 1,
      },
    );
  }
}

export function detailsOf(type: ResourceType, name?: string): StatusDetails {
  return { name, group: type.group || undefined, kind: type.resource };
}
