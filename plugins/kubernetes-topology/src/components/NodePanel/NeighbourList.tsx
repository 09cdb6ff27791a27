import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { NeighbourGroup } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { topologyTranslationRef } from '../../translation';
import { NodeReference } from '../NodeReference';
import styles from './NodePanel.module.css';

/** What an object is related to, by relation, both ways. */
export function NeighbourList(props: {
  groups: readonly NeighbourGroup[];
  onSelect(key: string): void;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  if (props.groups.length === 0) {
    return <span className={styles.quiet}>{t('panel.noNeighbours')}</span>;
  }
  return (
    <>
      {props.groups.map(group => {
        const relation = `${t(`relation.${group.class}`)} (${group.relation})`;
        return (
          <div
            key={`${group.direction} ${group.relation}`}
            className={styles.group}
          >
            <div className={styles.groupName}>
              {t(`panel.${group.direction}`, { relation })}
            </div>
            <ul className={styles.list}>
              {group.nodes.map(node => (
                <li key={node.key}>
                  <NodeReference node={node} onSelect={props.onSelect} />
                </li>
              ))}
              {group.more > 0 && (
                <li className={styles.quiet}>
                  {t('panel.more', { count: group.more })}
                </li>
              )}
            </ul>
          </div>
        );
      })}
    </>
  );
}
