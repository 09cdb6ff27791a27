import { KindCatalog } from '../kindCatalog';
import { loadShippedRules, NamedRules } from './loadRules';

/**
 * The mesh part of section E, KEDA and Karpenter of I and G, and section L of `relationships.md`; "Operators / CRDs"
 * of `health.md`: in which rule file each number is built, or why it is not.
 */
type Covered =
  | { relations: string[] }
  | { elsewhere: string }
  | { not: string };

const RELATION_NUMBERS: Record<string, Covered> = {
  R093: { relations: ['virtualservice-service', 'virtualservice-mirror'] },
  R094: { relations: ['virtualservice-gateway', 'istio-gateway-pod'] },
  R095: { relations: ['destinationrule-service', 'destinationrule-subset'] },
  R096: { relations: ['serviceentry-workload'] },
  R097: { relations: ['mesh-policy-pod', 'mesh-policy-target'] },
  R098: { relations: ['namespace-mesh'] },
  R128: { relations: ['nodeclaim-node'] },
  R129: { relations: ['nodeclaim-nodepool', 'nodepool-nodeclass'] },
  R150: { relations: ['scaledobject-target', 'trigger-authentication'] },
  R151: { relations: ['triggerauthentication-secret'] },
  R160: { relations: ['cabundle-certificate'] },
  R173: {
    relations: [
      'certificate-issuer',
      'certificate-secret',
      'certificate-certificaterequest',
      'certificaterequest-order',
      'order-challenge',
    ],
  },
  R174: { relations: ['externalsecret-store', 'externalsecret-secret'] },
  R175: { relations: ['sealedsecret-secret'] },
  R176: {
    relations: [
      'rollout-replicaset',
      'rollout-service',
      'rollout-analysisrun',
      'rollout-trafficrouting',
    ],
  },
  // A plain Helm release is a Secret of Helm's own: its objects carry its name as an annotation, not as a label.
  R177: { relations: ['application-object', 'flux-object'] },
  R178: { relations: ['flux-source', 'flux-dependency'] },
  R179: {
    relations: [
      'clusterserviceversion-operatorgroup',
      'clusterserviceversion-deployment',
      'clusterserviceversion-customresourcedefinition',
    ],
  },
  R180: {
    relations: [
      'subscription-catalogsource',
      'subscription-installplan',
      'subscription-clusterserviceversion',
    ],
  },
  R181: { relations: ['monitor-target', 'prometheus-monitor'] },
  R182: {
    // Claims and composites are the users' own kinds: their `resourceRef`s are found as R187 has it.
    relations: ['provider-providerrevision', 'object-reference'],
  },
  R183: {
    relations: [
      'cluster-controlplane',
      'machinedeployment-machineset',
      'machineset-machine',
      'machine-node',
    ],
  },
  R184: { elsewhere: 'the backend joins catalog entities (`entity/`)' },
  R185: { relations: ['route-service'] },
  R186: {
    not: 'its annotation holds JSON, and says what somebody wants to see drawn, not what depends on what',
  },
  R187: { relations: ['object-reference'] },
};

/** H157 is what Argo CD says of itself; H163 is `genericHealth.ts`. */
const HEALTH_NUMBERS = [
  'H154',
  'H155',
  'H156',
  'H157',
  'H158',
  'H159',
  'H160',
  'H161',
  'H162',
  'H163',
];

let rules: NamedRules[];
beforeAll(async () => {
  rules = await loadShippedRules();
});

it.each(Object.entries(RELATION_NUMBERS))(
  '%s is built as told',
  (_, covered) => {
    const names = KindCatalog.create({ rules }).relations.map(
      ({ name }) => name,
    );
    const told = 'relations' in covered ? covered.relations : [];
    expect(names).toEqual(expect.arrayContaining(told));
  },
);

it.each(HEALTH_NUMBERS)('%s is decided by a rule', number => {
  const healthRules = rules
    .flatMap(named => named.rules.kinds)
    .flatMap(({ health }) => health?.rules ?? []);
  expect(healthRules.map(({ rule }) => rule)).toContain(number);
});

it('every rule of a shipped file cites where it is from', () => {
  const uncited = rules
    .flatMap(named => named.rules.kinds)
    .flatMap(({ kind, health }) =>
      (health?.rules ?? [])
        .filter(({ rule, level }) => !rule && level !== 'ok')
        .map(({ level }) => `${kind} ${level}`),
    );
  expect(uncited).toEqual([]);
});
