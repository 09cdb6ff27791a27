import { authorityVerdict, readAuthorities } from './certificateAuthority';
import { Condition, condition, conditionEvidence } from './conditions';
import {
  ContextNode,
  KindDefinition,
  KubernetesObject,
  Neighbours,
} from './kindDefinition';
import { API_SERVICE, CUSTOM_RESOURCE_DEFINITION, SERVICE } from './kindIds';
import { observation, ownVerdict, parseTime } from './metadata';
import { Reference } from './observation';
import { StatusLevel, Verdict } from './status';
import { fieldEvidence, until, verdict, worstVerdict } from './verdict';

const ESTABLISHED_WITHIN = 60_000;

export const customResourceDefinitionKind: KindDefinition = {
  id: CUSTOM_RESOURCE_DEFINITION,
  type: 'customresourcedefinition',
  version: 'v1',
  plural: 'customresourcedefinitions',
  namespaced: false,
  observe(definition, context) {
    const { spec = {} } = definition;
    return observation(CUSTOM_RESOURCE_DEFINITION, false, definition, context, {
      properties: {
        Group: spec.group,
        Kind: spec.names?.kind,
        Scope: spec.scope,
        Versions: versionsOf(definition).map(({ name }) => String(name)),
        Conversion: spec.conversion?.strategy,
      },
      verdict: ownVerdict(definition, definitionVerdict(definition)),
      facts: { converted: isConverted(definition) },
      references: [
        ...conversionReference(definition),
        ...groupReferences(definition),
      ],
    });
  },
  contextRelations: ['customresourcedefinition-service'],
  judgeInContext,
};

/** Only what is stored or served in another version has to be converted. */
function isConverted(definition: KubernetesObject): boolean {
  return versionsOf(definition).filter(({ served }) => served).length > 1;
}

/** R169: nobody answers for the conversion, so that objects of other versions cannot be read at all (as H144). */
function judgeInContext(
  definition: ContextNode,
  neighbours: Neighbours,
): Verdict | undefined {
  const [service] = neighbours(
    'customresourcedefinition-service',
    'out',
  ).filter(
    ({ level }) => level === 'missing' || level === 'down' || level === 'idle',
  );
  return service && definition.facts.converted && definition.own.level === 'ok'
    ? verdict('degraded', 'WebhookBackendDown', {
        rule: 'H144',
        message: `nobody answers for its conversion: Service ${
          service.level === 'missing' ? 'does not exist' : 'has no endpoints'
        }`,
        since: service.own.since,
        evidence: [
          {
            source: service.level === 'missing' ? 'absence' : 'structure',
            field: service.key,
            value: service.level,
          },
        ],
      })
    : undefined;
}

function versionsOf({ spec }: KubernetesObject): any[] {
  return spec?.versions ?? [];
}

/** R169: every read of an object that is stored in another version asks this Service. */
function conversionReference({ spec }: KubernetesObject): Reference[] {
  const service = spec?.conversion?.webhook?.clientConfig?.service;
  return spec?.conversion?.strategy === 'Webhook' && service
    ? [
        {
          relation: 'customresourcedefinition-service',
          end: 'source',
          other: {
            kind: SERVICE,
            namespace: service.namespace,
            name: service.name,
          },
          required: true,
          details: { port: service.port ?? 443 },
        },
      ]
    : [];
}

/** R168: the group version that it is served in. The API server makes that object a moment later. */
function groupReferences(definition: KubernetesObject): Reference[] {
  return versionsOf(definition)
    .filter(({ served }) => served === true)
    .map(({ name }) => ({
      relation: 'apiservice-customresourcedefinition',
      end: 'target',
      other: {
        kind: API_SERVICE,
        namespace: '',
        name: `${name}.${definition.spec.group}`,
      },
      required: false,
    }));
}

/** H131, H132, and the authority of a conversion webhook (as H146). */
function definitionVerdict(definition: KubernetesObject): Verdict {
  const names = condition(definition, 'NamesAccepted');
  if (names?.status === 'False') {
    return by(names, 'down', 'NamesNotAccepted', 'H131');
  }
  const read = readAuthorities(
    definition.spec?.conversion?.webhook?.clientConfig?.caBundle,
  );
  return worstVerdict([
    establishedVerdict(definition),
    ...['NonStructuralSchema', 'Terminating'].flatMap(type => {
      const one = condition(definition, type);
      return one?.status === 'True' ? [by(one, 'degraded', type, 'H132')] : [];
    }),
    ...(read
      ? [
          authorityVerdict(read, {
            level: 'down',
            reason: 'WebhookCABad',
            rule: 'H146',
            who: 'its conversion webhook',
            field: 'spec.conversion.webhook.clientConfig.caBundle',
          }),
        ]
      : []),
  ]);
}

function establishedVerdict(definition: KubernetesObject): Verdict {
  const established = condition(definition, 'Established');
  if (established?.status === 'True') {
    return verdict('ok', 'Established');
  }
  const since =
    established?.since ?? parseTime(definition.metadata.creationTimestamp) ?? 0;
  const details = {
    rule: 'H131',
    message: established?.message ?? 'its objects are not served',
    since,
    evidence: [
      established
        ? conditionEvidence(established)
        : fieldEvidence('status.conditions[Established]', undefined),
    ],
  };
  return until(
    since + ESTABLISHED_WITHIN,
    verdict('progressing', 'NotEstablished', details),
    verdict('down', 'NotEstablished', details),
  );
}

function by(
  said: Condition,
  level: StatusLevel,
  reason: string,
  rule: string,
): Verdict {
  return verdict(level, reason, {
    rule,
    message: said.message,
    since: said.since,
    evidence: [conditionEvidence(said)],
  });
}
