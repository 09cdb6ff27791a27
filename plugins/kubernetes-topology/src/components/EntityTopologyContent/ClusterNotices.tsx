import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Link } from '@backstage/ui';
import {
  ClusterStatus,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { ReactNode } from 'react';
import { pluralOfKind, unreadKinds } from '../../model/unreadKinds';
import { rootRouteRef } from '../../routes';
import { topologyTranslationRef } from '../../translation';
import { RelativeTime } from '../RelativeTime';

/** What cannot be seen now, and what that means for the picture. */
export function ClusterNotices(props: {
  clusters: readonly ClusterStatus[];
  nodes: readonly TopologyNode[];
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const healthPage = useRouteRef(rootRouteRef);
  const noticesOf = (cluster: ClusterStatus): ReactNode[] => {
    const { name, message, state, progress } = cluster;
    const notices: ReactNode[] = [];
    if (state === 'syncing') {
      notices.push(
        progress
          ? t('cluster.syncingCounted', {
              name,
              done: String(progress.kindsDone),
              kinds: String(progress.kinds),
              percent: String(progress.percent),
            })
          : t('cluster.syncing', { name }),
      );
    }
    if (state === 'failing') {
      notices.push(
        t('cluster.failing', {
          name,
          message,
          when: <RelativeTime at={cluster.at} />,
        }),
      );
    }
    const forbidden = unreadKinds(cluster, 'forbidden', props.nodes);
    const failing =
      state === 'failing'
        ? { kinds: [], others: 0 }
        : unreadKinds(cluster, 'failing', props.nodes);
    const said = [
      ['cluster.forbidden', forbidden.kinds],
      ['cluster.kindFailing', failing.kinds],
    ] as const;
    for (const [words, kinds] of said) {
      if (kinds.length > 0) {
        notices.push(
          t(words, { name, kinds: kinds.map(pluralOfKind).join(', ') }),
        );
      }
    }
    const others = forbidden.others + failing.others;
    // Of a cluster that the picture does not touch, only what applications are made of is worth a line.
    if (others > 0 && props.nodes.some(node => node.cluster === name)) {
      notices.push(t('cluster.others', { name, count: others }));
    }
    return notices;
  };
  const notices = props.clusters.flatMap(noticesOf);
  if (notices.length === 0) {
    return null;
  }
  const failing = props.clusters.some(cluster => cluster.state === 'failing');
  return (
    <Alert
      status={failing ? 'warning' : 'info'}
      icon
      title={t('cluster.title')}
      description={
        <>
          {notices.map((notice, index) => (
            // The order is fixed by the clusters.
            // eslint-disable-next-line react/no-array-index-key
            <div key={index}>{notice}</div>
          ))}
        </>
      }
      customActions={
        healthPage && (
          <Link href={`${healthPage()}?view=clusters`}>
            {t('cluster.health')}
          </Link>
        )
      }
    />
  );
}
