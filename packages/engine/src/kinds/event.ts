import { nodeKey } from './identity';
import { KindDefinition } from './kindDefinition';
import { EVENT, NODE, sameKind } from './kindIds';
import { MalformedObjectError, parseGroup, parseTime } from './metadata';
import { EventObservation } from './observation';
import { withoutUndefined } from './json';
import { shorten } from './verdict';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Core events, which the API server also serves for those written as events.k8s.io: the scheduler's then have
 * `eventTime` and `series`, null timestamps and an empty source (`apiserver.md`).
 */
export const eventKind: KindDefinition = {
  id: EVENT,
  type: 'event',
  version: 'v1',
  plural: 'events',
  namespaced: true,
  observe(event, { cluster }): EventObservation {
    const { metadata, involvedObject: about } = event;
    if (!metadata?.name || !about?.kind || !about.name) {
      throw new MalformedObjectError(EVENT, 'without a name or involvedObject');
    }
    const kind = { group: parseGroup(about.apiVersion), kind: about.kind };
    const createdAt = parseTime(metadata.creationTimestamp) ?? 0;
    const firstAt =
      parseTime(event.firstTimestamp) ??
      parseTime(event.eventTime) ??
      createdAt;
    const lastAt =
      parseTime(event.series?.lastObservedTime) ??
      parseTime(event.lastTimestamp) ??
      firstAt;
    return withoutUndefined<EventObservation>({
      type: 'event',
      key: nodeKey({
        cluster,
        kind: EVENT,
        namespace: metadata.namespace ?? '',
        name: metadata.name,
      }),
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
      about: nodeKey({
        cluster,
        kind,
        // Events about nodes are filed in namespace `default`; the object itself has none.
        namespace: sameKind(kind, NODE) ? '' : about.namespace ?? '',
        name: about.name,
      }),
      // The kubelet writes a node's name where its uid belongs.
      aboutUid: UUID.test(about.uid ?? '') ? about.uid : undefined,
      reason: event.reason ?? '',
      eventType: event.type === 'Warning' ? 'Warning' : 'Normal',
      message: shorten(event.message ?? ''),
      count: event.series?.count ?? event.count ?? 1,
      firstAt,
      lastAt: Math.max(firstAt, lastAt),
      source: event.source?.component || event.reportingComponent || '',
    });
  },
};
