import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import { INGRESS, SECRET, SERVICE } from './kindIds';
import { observation, ownVerdict } from './metadata';
import { Json, Reference } from './observation';
import { Evidence, Verdict } from './status';
import { withoutUndefined } from './json';
import { verdict, worstVerdict } from './verdict';

/** A backend Service as one rule's path names it. */
interface Backend {
  service: string;
  port: string | number | undefined;
  host: string;
  path: string;
}

export const ingressKind: KindDefinition = {
  id: INGRESS,
  type: 'ingress',
  version: 'v1',
  plural: 'ingresses',
  namespaced: true,
  observe(ingress, context) {
    const { spec = {}, status = {} } = ingress;
    const addresses: any[] = status.loadBalancer?.ingress ?? [];
    const found = backends(ingress);
    return observation(INGRESS, true, ingress, context, {
      properties: {
        DefaultBackend: spec.defaultBackend,
        TLS: spec.tls,
        Rules: spec.rules,
        IngressClassName: spec.ingressClassName,
        Addresses:
          addresses.length === 0
            ? undefined
            : addresses.map(one => one.ip ?? one.hostname ?? ''),
      },
      // Without an address an Ingress may work all the same: many controllers never set it (H086).
      verdict: ownVerdict(
        ingress,
        addresses.length === 0
          ? verdict('ok', 'NoAddress', { rule: 'H086' })
          : verdict('ok', 'Exists'),
      ),
      facts: {
        backends: found.map(({ service, port }) =>
          withoutUndefined({ service, port }),
        ),
      },
      references: [
        ...serviceReferences(ingress.metadata.namespace, found),
        ...secretReferences(ingress),
      ],
    });
  },
  contextRelations: ['ingress-service', 'ingress-secret'],
  judgeInContext,
};

/** Backends that are Services; a `resource` backend is of a kind that nobody here knows (R073). */
function backends(ingress: KubernetesObject): Backend[] {
  const { spec = {} } = ingress;
  const read = (backend: any, host: string, path: string): Backend[] =>
    backend?.service?.name
      ? [
          {
            service: backend.service.name,
            port: backend.service.port?.name ?? backend.service.port?.number,
            host,
            path,
          },
        ]
      : [];
  const rules: any[] = spec.rules ?? [];
  return [
    ...read(spec.defaultBackend, '*', 'default'),
    ...rules.flatMap(rule =>
      (rule.http?.paths ?? []).flatMap((path: any) =>
        read(path.backend, rule.host ?? '*', path.path ?? '/'),
      ),
    ),
  ];
}

function serviceReferences(
  namespace: string,
  found: readonly Backend[],
): Reference[] {
  const names = [...new Set(found.map(({ service }) => service))];
  return names.map(name => ({
    relation: 'ingress-service',
    end: 'source',
    other: { kind: SERVICE, namespace, name },
    required: true,
    details: {
      paths: found
        .filter(({ service }) => service === name)
        .map(
          ({ host, path, port }): Json =>
            withoutUndefined({ host, path, port }),
        ),
    },
  }));
}

function secretReferences(ingress: KubernetesObject): Reference[] {
  const entries: any[] = ingress.spec?.tls ?? [];
  const names = entries.map(entry => entry.secretName).filter(Boolean);
  return [...new Set<string>(names)].map(name => ({
    relation: 'ingress-secret',
    end: 'source',
    other: { kind: SECRET, namespace: ingress.metadata.namespace, name },
    required: true,
    details: {
      hosts: entries
        .filter(entry => entry.secretName === name)
        .flatMap(entry => entry.hosts ?? []),
    },
  }));
}

/** H082, H083, H085: down when no backend is left, degraded per backend that is. */
function judgeInContext(
  ingress: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  if (ingress.own.level === 'terminating') {
    return undefined;
  }
  const services = neighbours('ingress-service', 'out');
  const broken = services.flatMap(service => {
    const fault = backendFault(ingress, service);
    return fault ? [{ service, ...fault }] : [];
  });
  const found: Verdict[] = [];
  if (broken.length > 0) {
    const [first] = broken;
    found.push(
      verdict(
        broken.length === services.length ? 'down' : 'degraded',
        first.reason,
        {
          rule: first.rule,
          message: broken.map(({ says }) => says).join('; '),
          since: first.service.own.since,
          evidence: broken.slice(0, 5).map(
            ({ service, says, reason }): Evidence => ({
              source: reason === 'BackendMissing' ? 'absence' : 'structure',
              field: service.key,
              value: says,
            }),
          ),
        },
      ),
    );
  }
  const secret = neighbours('ingress-secret', 'out').find(
    ({ level }) => level === 'missing',
  );
  if (secret) {
    found.push(
      verdict('degraded', 'TLSMissing', {
        rule: 'H085',
        message: 'a TLS secret does not exist: a default certificate is served',
        evidence: [
          {
            source: 'absence',
            field: 'spec.tls[].secretName',
            value: secret.key,
          },
        ],
      }),
    );
  }
  return found.length === 0 ? undefined : worstVerdict(found);
}

function backendFault(
  ingress: ContextNode,
  service: ContextNode,
): { reason: string; rule: string; says: string } | undefined {
  const name = service.key.slice(service.key.lastIndexOf('/') + 1);
  if (service.level === 'missing') {
    return {
      reason: 'BackendMissing',
      rule: 'H082',
      says: `Service ${name} does not exist`,
    };
  }
  const ports: { name: string; port: number }[] | undefined =
    service.facts.ports;
  const asked: { service: string; port?: string | number }[] =
    ingress.facts.backends ?? [];
  const absent = asked.find(
    backend =>
      backend.service === name &&
      backend.port !== undefined &&
      ports &&
      !ports.some(
        port => port.name === backend.port || port.port === backend.port,
      ),
  );
  if (absent) {
    return {
      reason: 'BackendMissing',
      rule: 'H082',
      says: `Service ${name} has no port ${absent.port}`,
    };
  }
  return service.level === 'down'
    ? {
        reason: 'BackendDown',
        rule: 'H083',
        says: `Service ${name} is down${
          service.own.level === 'down' ? `: ${wordsOf(service)}` : ''
        }`,
      }
    : undefined;
}

/** Only what the Service's own fields say: the verdict of its neighbours is not in view. */
function wordsOf({ own }: ContextNode): string {
  return own.message ?? own.reason;
}
