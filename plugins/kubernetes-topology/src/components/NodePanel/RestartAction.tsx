import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { Button } from '@backstage/ui';
import {
  RestartTarget,
  TopologyNode,
  topologyRestartPermission,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { RiRestartLine } from '@remixicon/react';
import { useMemo, useState } from 'react';
import { topologyTranslationRef } from '../../translation';
import { RestartDialog } from '../RestartDialog';
import styles from './NodePanel.module.css';

/** Kinds that pods read at start, so that a restart makes them read anew. */
const READ_AT_START: ReadonlySet<string> = new Set([
  'Secret',
  'ConfigMap',
  'PersistentVolumeClaim',
]);

/** What a restart from this object would mean; `undefined` where it means nothing. */
export function restartTargetOf(node: TopologyNode): RestartTarget | undefined {
  if (node.group !== '') {
    return undefined;
  }
  if (node.kind === 'Pod') {
    return { pods: [node.key] };
  }
  return READ_AT_START.has(node.kind) ? { dependentsOf: node.key } : undefined;
}

/** The restart button, or why there is none. */
export function RestartAction(props: { node: TopologyNode }) {
  const { node } = props;
  const { t } = useTranslationRef(topologyTranslationRef);
  const [open, setOpen] = useState(false);
  const target = useMemo(() => restartTargetOf(node), [node]);
  const { loading, allowed } = usePermission({
    permission: topologyRestartPermission,
    resourceRef: target && node.key,
  });
  if (!target) {
    return null;
  }
  return (
    <section className={styles.section} aria-label={t('panel.actions')}>
      <div className={styles.actions}>
        <Button
          variant="secondary"
          iconStart={<RiRestartLine />}
          isDisabled={loading || !allowed}
          onPress={() => setOpen(true)}
        >
          {node.kind === 'Pod' ? t('restart.pod') : t('restart.dependents')}
        </Button>
        {loading && (
          <span className={styles.quiet}>{t('restart.checking')}</span>
        )}
        {!loading && !allowed && (
          <span className={styles.quiet}>{t('restart.denied')}</span>
        )}
      </div>
      {open && (
        <RestartDialog
          target={target}
          node={node}
          onClose={() => setOpen(false)}
        />
      )}
    </section>
  );
}
