// What the real @kubernetes/client-node makes of a simulator, as JSON. A script of its own: the client is ESM only,
// which jest does not load.
//   node realClient.mjs <url> <token>
// A development dependency is right: only a test runs this.
// eslint-disable-next-line @backstage/no-undeclared-imports
import {
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  makeInformer,
  VersionApi,
} from '@kubernetes/client-node';

const [url, token] = process.argv.slice(2);
const config = new KubeConfig();
config.loadFromClusterAndUser(
  { name: 'simulator', server: url, skipTLSVerify: true },
  { name: 'user', token },
);
const core = config.makeApiClient(CoreV1Api);
const apps = config.makeApiClient(AppsV1Api);
const authorization = config.makeApiClient(AuthorizationV1Api);

const pages = [];
let next;
do {
  const page = await core.listPodForAllNamespaces({
    limit: 7,
    _continue: next,
  });
  pages.push(page.items.map(pod => pod.metadata.name));
  next = page.metadata._continue;
} while (next);

const seen = [];
const informer = makeInformer(
  config,
  '/api/v1/namespaces/default/configmaps',
  () => core.listNamespacedConfigMap({ namespace: 'default' }),
);
for (const event of ['add', 'update', 'delete']) {
  informer.on(event, object => seen.push(`${event} ${object.metadata.name}`));
}
const has = async line => {
  for (let tries = 0; !seen.includes(line) && tries < 500; tries++) {
    await new Promise(resolve => setTimeout(resolve, 10));
  }
};
await informer.start();
const body = { metadata: { name: 'made' }, data: { key: '1' } };
await core.createNamespacedConfigMap({ namespace: 'default', body });
await has('add made');
const made = await core.readNamespacedConfigMap({
  namespace: 'default',
  name: 'made',
});
made.data.key = '2';
await core.replaceNamespacedConfigMap({
  namespace: 'default',
  name: 'made',
  body: made,
});
await has('update made');
await core.deleteNamespacedConfigMap({ namespace: 'default', name: 'made' });
await has('delete made');
await informer.stop();

const refusal = await core
  .readNamespacedSecret({ namespace: 'default', name: 'none' })
  .catch(error => ({ code: error.code, body: JSON.parse(error.body) }));
const { name, namespace } = (await core.listPodForAllNamespaces({ limit: 1 }))
  .items[0].metadata;
await core.createNamespacedPodEviction({
  name,
  namespace,
  body: { metadata: { name, namespace } },
});
const review = await authorization.createSelfSubjectAccessReview({
  body: { spec: { resourceAttributes: { verb: 'list', resource: 'pods' } } },
});

process.stdout.write(
  JSON.stringify({
    version: (await config.makeApiClient(VersionApi).getCode()).gitVersion,
    groups: (await apps.getAPIResources()).resources.map(({ kind }) => kind),
    pages,
    seen,
    refusal,
    evicted: name,
    allowed: review.status.allowed,
  }),
);
