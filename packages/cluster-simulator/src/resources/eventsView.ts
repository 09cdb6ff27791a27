import { KubernetesObject } from '../objects/kubernetesObject';
import { View } from './resourceType';

/** Core Events as events.k8s.io tells them: the same objects a second time. */
export const eventsView: View & { seenIn: string } = {
  seenIn: 'events.k8s.io',
  group: '',
  resource: 'events',
  show({
    apiVersion: _,
    kind: __,
    metadata,
    involvedObject,
    related,
    reason,
    message,
    type,
    source,
    firstTimestamp,
    lastTimestamp,
    count,
    eventTime,
    series,
    action,
    reportingComponent,
    reportingInstance,
  }: KubernetesObject) {
    return {
      metadata,
      eventTime: eventTime ?? null,
      series,
      reportingController: reportingComponent ?? source?.component,
      reportingInstance: reportingInstance ?? '',
      action,
      reason,
      regarding: involvedObject,
      related,
      note: message,
      type,
      deprecatedSource: source ?? {},
      deprecatedFirstTimestamp: firstTimestamp ?? null,
      deprecatedLastTimestamp: lastTimestamp ?? null,
      deprecatedCount: count,
    };
  },
};
