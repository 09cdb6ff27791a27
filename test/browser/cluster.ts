/** The simulated cluster that the portal under test watches, spoken to as kubectl would. */

const URL_ = process.env.KUBE_TOPOLOGY_DEMO_CLUSTER ?? 'http://localhost:17117';
const TOKEN = 'demo-cluster-token';

export interface Pod {
  metadata: { name: string; namespace: string; uid: string };
  status?: { conditions?: { type: string; status: string }[] };
}

async function request(
  method: string,
  path: string,
  body?: unknown,
  contentType = 'application/json',
) {
  const response = await fetch(`${URL_}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': contentType,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status}`);
  }
  return response.json();
}

export async function pods(namespace: string): Promise<Pod[]> {
  return (await request('GET', `/api/v1/namespaces/${namespace}/pods`)).items;
}

export function isReady(pod: Pod): boolean {
  return (
    pod.status?.conditions?.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    ) ?? false
  );
}

export async function scale(
  namespace: string,
  deployment: string,
  replicas: number,
) {
  await request(
    'PATCH',
    `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`,
    { spec: { replicas } },
    'application/merge-patch+json',
  );
}

export async function get(path: string) {
  return request('GET', path);
}

export async function create(path: string, object: unknown) {
  return request('POST', path, object);
}

export async function remove(path: string) {
  return request('DELETE', path);
}
