import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import { annotationReferences } from './annotationReferences';
import { INGRESS, INGRESS_CLASS, SECRET, SERVICE } from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { namedObject } from './objectReference';
import { Json, Reference } from './observation';
import { Evidence, Verdict } from './status';
import { withoutUndefined } from './json';
import { fieldEvidence, until, verdict, worstVerdict } from './verdict';

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
      verdict: ownVerdict(ingress, ingressVerdict(ingress)),
      facts: {
        ...(spec.ingressClassName ? { classRequired: true } : {}),
        backends: found.map(({ service, port }) =>
          withoutUndefined({ service, port }),
        ),
      },
      references: [
        ...serviceReferences(ingress.metadata.namespace, found),
        ...secretReferences(ingress),
        ...objectReferences(ingress),
        ...classReference(ingress),
        ...annotationReferences('ingress', ingress),
      ],
    });
  },
  contextRelations: [
    'ingress-service',
    'ingress-secret',
    'ingress-ingressclass',
  ],
  judgeInContext,
};

/**
 * Without an address an Ingress may work all the same: many controllers never set it (H086). Without a class, either:
 * the API server writes the default class into new ones, but a controller may be told to take those that have none. So
 * an Ingress that nobody gave a class or an address in two minutes is one that nobody serves (H084).
 */
function ingressVerdict(ingress: KubernetesObject): Verdict {
  const addresses: any[] = ingress.status?.loadBalancer?.ingress ?? [];
  if (addresses.length > 0) {
    return verdict('ok', 'Exists');
  }
  const noAddress = verdict('ok', 'NoAddress', { rule: 'H086' });
  if (className(ingress)) {
    return noAddress;
  }
  const createdAt = parseTime(ingress.metadata.creationTimestamp) ?? 0;
  return until(
    createdAt + 2 * 60_000,
    noAddress,
    verdict('degraded', 'NoClass', {
      rule: 'H084',
      message:
        'it names no ingress class, and no controller gave it an address',
      since: createdAt,
      evidence: [
        fieldEvidence('spec.ingressClassName', undefined),
        fieldEvidence('status.loadBalancer.ingress', undefined),
      ],
    }),
  );
}

/** The field, or the annotation that was before it and that some controllers still read (R075). */
function className(ingress: KubernetesObject): string | undefined {
  return (
    ingress.spec?.ingressClassName ||
    ingress.metadata.annotations?.['kubernetes.io/ingress.class'] ||
    undefined
  );
}

/** By annotation a class may be meant that is no object: GKE's `gce` is none. */
function classReference(ingress: KubernetesObject): Reference[] {
  const name = className(ingress);
  return name
    ? [
        {
          relation: 'ingress-ingressclass',
          end: 'source',
          other: { kind: INGRESS_CLASS, namespace: '', name },
          required: ingress.spec?.ingressClassName === name,
        },
      ]
    : [];
}

/** Backends that are no Services: a bucket, a function (R073). */
function objectReferences(ingress: KubernetesObject): Reference[] {
  const { spec = {}, metadata } = ingress;
  const paths: any[] = (spec.rules ?? []).flatMap(
    (rule: any) => rule.http?.paths ?? [],
  );
  const found = [spec.defaultBackend, ...paths.map(({ backend }) => backend)];
  return found.flatMap((backend): Reference[] => {
    const other = namedObject(backend?.resource, {
      group: '',
      kind: '',
      namespace: metadata.namespace,
    });
    return other && other.kind.kind !== ''
      ? [{ relation: 'ingress-object', end: 'source', other, required: true }]
      : [];
  });
}

/** Backends that are Services. */
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
  const [ingressClass] = neighbours('ingress-ingressclass', 'out');
  if (ingressClass?.level === 'missing' && ingress.facts.classRequired) {
    found.push(
      verdict('degraded', 'NoClass', {
        rule: 'H084',
        message: `its ingress class does not exist: no controller takes it`,
        evidence: [
          {
            source: 'absence',
            field: 'spec.ingressClassName',
            value: ingressClass.key,
          },
        ],
      }),
    );
  }
  return found.length === 0 ? undefined : worstVerdict([...found, ingress.own]);
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
