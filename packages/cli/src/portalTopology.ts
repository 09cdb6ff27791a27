import { setTimeout as delay } from 'node:timers/promises';
import type { LiveMessage } from '@kubernetes-topology/engine';
import {
  TopologyClient,
  TopologyRequestOptions,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { portalExplanation } from './explain/portalExplanation';
import { Failure, usageFailure } from './failure';
import {
  ObjectHistory,
  OpenTopology,
  reasonText,
  timeText,
} from './openTopology';
import { QueryFailure } from './queryFailure';
import { PortalSource } from './source';

/** Between two attempts to hear a portal again, in milliseconds. */
const RECONNECT = 1_000;
/** Longer than the longest query that the portal lets run. */
const TIMEOUT_MS = 120_000;

/**
 * What a portal has read; it answers as the permissions of the token allow.
 *
 * @throws Failure when the URL is none
 */
export function openPortal(
  source: PortalSource,
  signal: AbortSignal,
): OpenTopology {
  const url = portalUrl(source.url);
  const client = new TopologyClient({
    discoveryApi: { getBaseUrl: async id => `${url}/api/${id}` },
  });
  const ask = async <T>(
    question: (request: TopologyRequestOptions) => Promise<T>,
  ): Promise<T> => {
    try {
      return await question({
        token: source.token,
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
    } catch (error) {
      signal.throwIfAborted();
      throw portalFailure(error, url, source.token !== undefined);
    }
  };
  return {
    ready: async () => undefined,
    query: gremlin => ask(request => client.query(gremlin, request)),
    clusters: () => ask(request => client.clusters(request)),
    async incidents({ keys }) {
      if (!keys) {
        throw usageFailure(
          'a portal explains objects: name one, like pod/web-0 -n shop',
        );
      }
      return portalExplanation(
        await Promise.all(
          keys.map(key => ask(request => client.explanation(key, request))),
        ),
      );
    },
    impact: async () => {
      throw usageFailure(
        'a portal does not tell impact yet; ask a cluster (--kubeconfig) or a dump (--from)',
      );
    },
    async history(id, { from, to, limit }) {
      const { versions, since, nextCursor } = await ask(request =>
        client.history(id, { ...request, from, to, limit }),
      );
      return {
        id,
        since: timeText(since),
        versions: versions.map(version => ({
          from: timeText(version.from),
          ...(version.to !== undefined && { to: timeText(version.to) }),
          status: version.node.verdict.level,
          reason: version.node.verdict.reason,
          ...(version.node.verdict.message && {
            message: version.node.verdict.message,
          }),
          ...(version.changes && {
            changes:
              version.changes as ObjectHistory['versions'][number]['changes'],
          }),
        })),
        more: nextCursor !== undefined,
      };
    },
    async *live(gremlin, over) {
      let since: number | undefined;
      while (!over.aborted) {
        try {
          const { token } = source;
          const request = { token, signal: over, since };
          for await (const event of client.live(gremlin, request)) {
            since = 'revision' in event ? event.revision : since;
            yield event as LiveMessage;
          }
        } catch (error) {
          if (over.aborted) {
            return;
          }
          // A portal that was there and is gone for a moment comes back.
          if (since === undefined || isAnswered(error)) {
            throw portalFailure(error, url, source.token !== undefined);
          }
        }
        await delay(RECONNECT, undefined, { signal: over }).catch(
          () => undefined,
        );
      }
    },
    async reasons(ids) {
      const nodes = await Promise.all(
        ids.map(id =>
          ask(request => client.node(id, request)).catch(() => undefined),
        ),
      );
      signal.throwIfAborted();
      return new Map(
        nodes.flatMap(each =>
          each ? [[each.node.key, reasonText(each.node.verdict)]] : [],
        ),
      );
    },
    close: async () => undefined,
  };
}

/**
 * Without a slash at its end.
 *
 * @throws Failure
 */
export function portalUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new Failure(
      `"${text}" is no portal URL; give --portal like http://localhost:7007`,
      { exitCode: 2 },
    );
  }
  return text.replace(/\/+$/, '');
}

/** The parts of a `ResponseError` and of fetch's errors that are told. */
interface PortalError {
  name?: string;
  message?: string;
  statusCode?: number;
  cause?: { message?: string; code?: string; excerpt?: unknown };
}

/** The portal said no; trying again would not help. */
function isAnswered(error: unknown): boolean {
  const { statusCode } = error as PortalError;
  return statusCode !== undefined && statusCode < 500;
}

/** What an error of the client means to who typed the command. */
export function portalFailure(
  error: unknown,
  url: string,
  hasToken: boolean,
): Failure {
  const { name, message, statusCode, cause } = error as PortalError;
  const said = cause?.message ?? message ?? String(error);
  if (statusCode !== undefined) {
    return answeredFailure(statusCode, said, cause?.excerpt, url, hasToken);
  }
  if (name === 'TimeoutError') {
    return new Failure(
      `the portal at ${url} did not answer within ${TIMEOUT_MS / 1000} s`,
    );
  }
  if (error instanceof SyntaxError) {
    return new Failure(noTopologyAt(url));
  }
  return new Failure(
    `portal not reachable at ${url} (${
      cause?.code ?? said
    }); is it running, and is --portal or KUBE_TOPOLOGY_PORTAL right?`,
  );
}

function answeredFailure(
  status: number,
  said: string,
  excerpt: unknown,
  url: string,
  hasToken: boolean,
): Failure {
  switch (status) {
    case 400:
      return new QueryFailure(
        said,
        typeof excerpt === 'string' ? excerpt : undefined,
      );
    case 401:
      return new Failure(
        `${
          hasToken
            ? `the portal at ${url} does not accept this token`
            : `the portal at ${url} wants a token`
        }; set one up under backend.auth.externalAccess in its app-config.yaml and pass it with --token or KUBE_TOPOLOGY_TOKEN`,
      );
    case 403:
      return new Failure(said);
    case 404:
      return new Failure(noTopologyAt(url));
    default:
      return new Failure(`the portal at ${url} answered ${status}: ${said}`);
  }
}

function noTopologyAt(url: string): string {
  return `there is no topology API at ${url}; is the plugin kubernetes-topology installed there, and is --portal the backend's address?`;
}
