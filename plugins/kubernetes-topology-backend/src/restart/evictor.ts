import http from 'node:http';
import https from 'node:https';
import { isDeepStrictEqual } from 'node:util';
import { toError } from '@backstage/errors';
import { ClusterSource, TopologySource } from '@kubernetes-topology/engine';

/** What Kubernetes says to an eviction; `message` is its own words. */
export type EvictionAnswer =
  | { answer: 'accepted' }
  /** The pod is not there any more, or another one has its name. */
  | { answer: 'gone' }
  /** Policy: a disruption budget, RBAC, an admission webhook. */
  | { answer: 'refused'; message: string; byBudget?: true }
  /** The API server has too much to do. */
  | { answer: 'throttled'; retryAfter: number; message: string }
  | { answer: 'failed'; message: string };

export interface EvictedPod {
  cluster: string;
  namespace: string;
  name: string;
  /** Only the pod with this uid is evicted, never a later one of the same name. */
  uid?: string;
}

const REQUEST_TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 256 * 1024;

/** Asks Kubernetes to evict pods (`policy/v1`), with the credentials that watch the cluster. */
export class Evictor {
  #clusters = new Map<string, { source: ClusterSource; agent: http.Agent }>();

  constructor(sources: readonly TopologySource[] = []) {
    this.setClusters(sources);
  }

  /** Evicts in these clusters from now on; pods of manifests and dumps cannot be. */
  setClusters(sources: readonly TopologySource[]): void {
    const former = this.#clusters;
    this.#clusters = new Map();
    for (const source of sources) {
      if ('connection' in source) {
        const before = former.get(source.name);
        const isSame =
          before &&
          isDeepStrictEqual(before.source.connection, source.connection);
        this.#clusters.set(source.name, {
          source,
          agent: isSame ? before.agent : agent(source),
        });
      }
    }
    const kept = new Set([...this.#clusters.values()].map(each => each.agent));
    for (const { agent: each } of former.values()) {
      if (!kept.has(each)) {
        each.destroy();
      }
    }
  }

  /** Never rejects: what goes wrong is an answer. */
  async evict(pod: EvictedPod): Promise<EvictionAnswer> {
    const cluster = this.#clusters.get(pod.cluster);
    if (!cluster) {
      return {
        answer: 'failed',
        message: `The cluster ${pod.cluster} is not configured any more, or is read from files`,
      };
    }
    try {
      const { status, body, retryAfter } = await post(
        cluster.source,
        cluster.agent,
        `/api/v1/namespaces/${encodeURIComponent(
          pod.namespace,
        )}/pods/${encodeURIComponent(pod.name)}/eviction`,
        {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name: pod.name, namespace: pod.namespace },
          ...(pod.uid && {
            deleteOptions: { preconditions: { uid: pod.uid } },
          }),
        },
      );
      return evictionAnswer(status, body, retryAfter);
    } catch (error) {
      return { answer: 'failed', message: toError(error).message };
    }
  }

  close(): void {
    for (const { agent: each } of this.#clusters.values()) {
      each.destroy();
    }
  }
}

/** Reads the answer to an eviction. */
export function evictionAnswer(
  status: number,
  body: string,
  retryAfterHeader: string | undefined,
): EvictionAnswer {
  if (status >= 200 && status < 300) {
    return { answer: 'accepted' };
  }
  const said = kubernetesStatus(body);
  const message = said.message || `The API server answered HTTP ${status}`;
  // 409: the pod has another uid, so the one that was meant is gone.
  if (status === 404 || status === 409) {
    return { answer: 'gone' };
  }
  if (status === 429) {
    const budget = said.causes.find(
      cause => cause.reason === 'DisruptionBudget',
    );
    if (budget) {
      return {
        answer: 'refused',
        message: [message, budget.message].filter(Boolean).join(' '),
        byBudget: true,
      };
    }
    const seconds = Number(retryAfterHeader ?? said.retryAfterSeconds);
    return {
      answer: 'throttled',
      retryAfter: seconds > 0 ? seconds * 1000 : 1000,
      message,
    };
  }
  return status >= 400 && status < 500
    ? { answer: 'refused', message }
    : { answer: 'failed', message };
}

interface KubernetesStatus {
  message: string;
  causes: { reason?: string; message?: string }[];
  retryAfterSeconds?: number;
}

/** A `metav1.Status`; empty for a proxy's HTML page and the like. */
function kubernetesStatus(body: string): KubernetesStatus {
  try {
    const parsed = JSON.parse(body);
    return {
      message: typeof parsed?.message === 'string' ? parsed.message : '',
      causes: Array.isArray(parsed?.details?.causes)
        ? parsed.details.causes
        : [],
      retryAfterSeconds: parsed?.details?.retryAfterSeconds,
    };
  } catch {
    return { message: '', causes: [] };
  }
}

function agent({ connection }: ClusterSource): http.Agent {
  return connection.url.startsWith('https:')
    ? new https.Agent({
        keepAlive: true,
        ca: connection.certificateAuthority,
        cert: connection.clientCertificate?.certificate,
        key: connection.clientCertificate?.key,
        servername: connection.tlsServerName,
        rejectUnauthorized: !connection.skipTLSVerify,
      })
    : new http.Agent({ keepAlive: true });
}

async function post(
  source: ClusterSource,
  via: http.Agent,
  path: string,
  object: unknown,
): Promise<{ status: number; body: string; retryAfter: string | undefined }> {
  const headers = await source.headers();
  const sent = JSON.stringify(object);
  const { request } = source.connection.url.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${source.connection.url}${path}`,
      {
        method: 'POST',
        agent: via,
        timeout: REQUEST_TIMEOUT_MS,
        headers: {
          ...headers,
          accept: 'application/json',
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(sent),
          'user-agent': 'kubernetes-topology',
        },
      },
      async answer => {
        try {
          let body = '';
          answer.setEncoding('utf8');
          for await (const chunk of answer) {
            body += chunk;
            if (body.length > MAX_ANSWER_BYTES) {
              throw new Error('The API server answered with too much');
            }
          }
          resolve({
            status: answer.statusCode ?? 0,
            body,
            retryAfter: answer.headers['retry-after'],
          });
        } catch (error) {
          reject(error);
        }
      },
    );
    outgoing.once('timeout', () => {
      outgoing.destroy(
        new Error(
          `The API server said nothing for ${REQUEST_TIMEOUT_MS / 1000} s`,
        ),
      );
    });
    outgoing.once('error', reject);
    outgoing.end(sent);
  });
}
