import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { BgProvider, Button, ButtonIcon, Skeleton } from '@backstage/ui';
import {
  EntityTopology,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { RiCloseLine } from '@remixicon/react';
import { ReactNode, useCallback, useEffect } from 'react';
import { useNodeDetails } from '../../hooks/useNodeDetails';
import { kindLabel } from '../../model/kindLabel';
import { isProblem } from '../../model/statusLevel';
import { topologyTranslationRef } from '../../translation';
import { EvidenceList } from '../EvidenceList';
import { RelativeTime } from '../RelativeTime';
import { StatusLabel } from '../StatusShape';
import { EventList } from './EventList';
import { ImpactList } from './ImpactList';
import { LazySection } from './LazySection';
import { MissingKeys } from './MissingKeys';
import { NeighbourList } from './NeighbourList';
import { NodeExplanation } from './NodeExplanation';
import styles from './NodePanel.module.css';
import { PropertyList } from './PropertyList';
import { RestartAction } from './RestartAction';
import { VersionList } from './VersionList';

export interface NodePanelProps {
  nodeKey: string;
  /** The node as the graph knows it: shown at once, while the details are on their way. */
  node?: TopologyNode;
  /** The graph that it stands in: what its references lack is known there. */
  topology: Pick<EntityTopology, 'nodes' | 'edges'>;
  revision: number;
  onSelect(key: string | undefined): void;
}

function Section(props: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h4>{props.title}</h4>
      {props.children}
    </section>
  );
}

/** Escape closes the panel wherever the focus is, but in a dialog, which has an Escape of its own. */
function useEscape(onEscape: () => void) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const inDialog =
        event.target instanceof Element &&
        event.target.closest('[role="dialog"]') !== null;
      if (event.key === 'Escape' && !event.defaultPrevented && !inDialog) {
        onEscape();
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [onEscape]);
}

/** All about the selected object. */
export function NodePanel(props: NodePanelProps) {
  const { nodeKey, revision, onSelect } = props;
  const { t } = useTranslationRef(topologyTranslationRef);
  const { value, failure, loading, retry } = useNodeDetails(nodeKey, revision);
  const node = value?.node ?? props.node;
  const close = useCallback(() => onSelect(undefined), [onSelect]);
  useEscape(close);
  return (
    <BgProvider bg="neutral-1">
      <aside className={styles.panel} aria-label={t('panel.label')}>
        <header className={styles.header}>
          <div>
            <div className={styles.kind}>{node && kindLabel(node)}</div>
            <h3 className={styles.name}>{node?.name ?? nodeKey}</h3>
            {node && (
              <div className={styles.place}>
                {node.namespace !== '' &&
                  `${t('panel.namespace')} ${node.namespace} · `}
                {`${t('panel.cluster')} ${node.cluster}`}
              </div>
            )}
          </div>
          <ButtonIcon
            variant="tertiary"
            icon={<RiCloseLine />}
            aria-label={t('panel.close')}
            onPress={close}
          />
        </header>
        <div className={styles.body}>
          {node && (
            <>
              <Section title={t('panel.verdict')}>
                <StatusLabel
                  level={node.verdict.level}
                  reason={
                    node.verdict.level === 'ok'
                      ? undefined
                      : node.verdict.reason
                  }
                />{' '}
                {node.verdict.since !== undefined && (
                  <span className={styles.quiet}>
                    {t('cause.since', {
                      when: <RelativeTime at={node.verdict.since} />,
                    })}
                  </span>
                )}
                {node.verdict.message && (
                  <p className={styles.message}>{node.verdict.message}</p>
                )}
                <EvidenceList evidence={node.verdict.evidence} />
              </Section>
              <MissingKeys
                nodeKey={nodeKey}
                topology={props.topology}
                onSelect={onSelect}
              />
              <RestartAction key={node.key} node={node} />
              {isProblem(node.verdict.level) && (
                <Section title={t('panel.why')}>
                  <NodeExplanation
                    nodeKey={nodeKey}
                    revision={revision}
                    onSelect={onSelect}
                  />
                </Section>
              )}
            </>
          )}
          {loading && (
            <div role="status" aria-label={t('state.loading')}>
              <Skeleton height={20} width="60%" />
              <Skeleton height={120} style={{ marginTop: 12 }} />
            </div>
          )}
          {failure && (
            <Section title={t('state.failedTitle')}>
              <p className={styles.message}>
                {failure.kind === 'failed' ? failure.message : t('panel.gone')}
              </p>
              {failure.kind === 'failed' && (
                <Button variant="secondary" onPress={retry}>
                  {t('state.retry')}
                </Button>
              )}
            </Section>
          )}
          {node && (
            <>
              <LazySection key={`impact ${node.key}`} title={t('impact.title')}>
                <ImpactList
                  nodeKey={node.key}
                  revision={revision}
                  onSelect={onSelect}
                />
              </LazySection>
              <LazySection
                key={`history ${node.key}`}
                title={t('panel.history')}
              >
                <VersionList nodeKey={node.key} revision={revision} />
              </LazySection>
            </>
          )}
          {value && (
            <>
              <Section title={t('panel.neighbours')}>
                <NeighbourList groups={value.neighbours} onSelect={onSelect} />
              </Section>
              <Section title={t('panel.events')}>
                <EventList events={value.events} />
              </Section>
              <Section title={t('panel.properties')}>
                {value.node.createdAt !== undefined && (
                  <div className={styles.quiet}>
                    {t('panel.created')}{' '}
                    <RelativeTime at={value.node.createdAt} />
                  </div>
                )}
                <PropertyList properties={value.properties} />
              </Section>
              {Object.keys(value.labels).length > 0 && (
                <Section title={t('panel.labels')}>
                  <dl className={styles.pairs}>
                    {Object.entries(value.labels).map(([name, label]) => (
                      <div key={name} style={{ display: 'contents' }}>
                        <dt>{name}</dt>
                        <dd>{label}</dd>
                      </div>
                    ))}
                  </dl>
                </Section>
              )}
            </>
          )}
        </div>
      </aside>
    </BgProvider>
  );
}
