import { setTimeout as delay } from 'node:timers/promises';
import type { Impact, LiveMessage } from '@kubernetes-topology/engine';
import {
  portalExplanation,
  portalIncidents,
} from './explain/portalExplanation';
import {
  ObjectHistory,
  OpenTopology,
  reasonText,
  timeText,
} from './openTopology';
import { isAnswered, PortalConnection } from './portalConnection';
import { PortalSource } from './source';

/** The most that a portal tells at once. */
const MOST_INCIDENTS = 1_000;
/** Between two attempts to hear a portal again, in milliseconds. */
const RECONNECT = 1_000;
/**
 * What a portal has read; it answers as the permissions of the token allow.
 *
 * @throws Failure when the URL is none
 */
export function openPortal(
  source: PortalSource,
  signal: AbortSignal,
): OpenTopology {
  const portal = PortalConnection.open(source, signal);
  return {
    ready: async () => undefined,
    query: gremlin =>
      portal.ask((client, request) => client.query(gremlin, request)),
    clusters: () => portal.ask((client, request) => client.clusters(request)),
    async incidents({ keys, clusters = [] }) {
      if (!keys) {
        const [cluster] = clusters;
        return portalIncidents(
          await portal.ask((client, request) =>
            client.incidents(cluster === undefined ? {} : { cluster }, {
              ...request,
              limit: MOST_INCIDENTS,
            }),
          ),
        );
      }
      return portalExplanation(
        await Promise.all(
          keys.map(key =>
            portal.ask((client, request) => client.explanation(key, request)),
          ),
        ),
      );
    },
    impact: async (id, limit) =>
      // Keys are texts on the wire.
      (await portal.ask((client, request) =>
        client.impact(id, { ...request, limit }),
      )) as Impact,
    async history(id, { from, to, limit }) {
      const { versions, since, nextCursor } = await portal.ask(
        (client, request) =>
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
          const request = { ...portal.request(over), since };
          for await (const event of portal.client.live(gremlin, request)) {
            since = 'revision' in event ? event.revision : since;
            yield event as LiveMessage;
          }
        } catch (error) {
          if (over.aborted) {
            return;
          }
          // A portal that was there and is gone for a moment comes back.
          if (since === undefined || isAnswered(error)) {
            throw portal.failure(error);
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
          portal
            .ask((client, request) => client.node(id, request))
            .catch(() => undefined),
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
