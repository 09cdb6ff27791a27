import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { BgProvider, Button } from '@backstage/ui';
import {
  EntityCause,
  TopologyNode,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { RiFocus3Line } from '@remixicon/react';
import { firstSentence } from '../../model/sentences';
import { topologyTranslationRef } from '../../translation';
import { NodeReference } from '../NodeReference';
import { RelativeTime } from '../RelativeTime';
import { CausalChain } from './CausalChain';
import styles from './CausePanel.module.css';

export interface CausePanelProps {
  causes: readonly EntityCause[];
  unexplained: readonly TopologyNode[];
  onSelect(key: string): void;
  onShow(key: string): void;
}

/** What is wrong and why, before anything else. */
export function CausePanel(props: CausePanelProps) {
  const { causes, unexplained, onSelect, onShow } = props;
  const { t } = useTranslationRef(topologyTranslationRef);
  if (causes.length === 0 && unexplained.length === 0) {
    return null;
  }
  return (
    <section aria-label={t('cause.heading', { count: causes.length })}>
      <ul className={styles.causes}>
        {causes.map(cause => (
          <li key={cause.root.key}>
            <CauseCard cause={cause} onSelect={onSelect} onShow={onShow} />
          </li>
        ))}
        {unexplained.length > 0 && (
          <li className={styles.unexplained}>
            <h3 className={styles.headline}>{t('cause.unexplainedTitle')}</h3>
            <p>{t('cause.unexplainedText')}</p>
            <ul>
              {unexplained.map(node => (
                <li key={node.key}>
                  <NodeReference node={node} onSelect={onSelect} />
                </li>
              ))}
            </ul>
          </li>
        )}
      </ul>
    </section>
  );
}

function CauseCard(props: {
  cause: EntityCause;
  onSelect(key: string): void;
  onShow(key: string): void;
}) {
  const { cause, onSelect, onShow } = props;
  const { t } = useTranslationRef(topologyTranslationRef);
  const { root, affected } = cause;
  const { first, rest } = firstSentence(cause.summary);
  const hit = affected.filter(node => node.key !== root.key).length;
  return (
    <article className={styles.card}>
      <div className={styles.told}>
        <h3 className={styles.headline}>{first}</h3>
        {rest && <p className={styles.proof}>{rest}</p>}
        <ul className={styles.facts}>
          <li className={styles.fault}>{cause.fault}</li>
          {cause.since !== undefined && (
            <li>
              {t('cause.since', {
                when: <RelativeTime at={cause.since} />,
              })}
            </li>
          )}
          <li>{t(`cause.${cause.confidence}`)}</li>
          <li>{t('cause.affected', { count: hit })}</li>
        </ul>
        <div className={styles.next}>
          <span className={styles.nextTitle}>{t('cause.nextStep')}</span>
          {cause.nextStep}
        </div>
        <div className={styles.actions}>
          <BgProvider bg="neutral-1">
            <Button
              variant="secondary"
              iconStart={<RiFocus3Line />}
              onPress={() => onShow(root.key)}
            >
              {t('cause.show')}
            </Button>
          </BgProvider>
        </div>
      </div>
      <CausalChain path={cause.path} onSelect={onSelect} />
    </article>
  );
}
