import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  RelationClass,
  StatusLevel,
} from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { Drawing } from '../../model/drawing';
import { LEVELS_BY_SEVERITY } from '../../model/statusLevel';
import { topologyTranslationRef } from '../../translation';
import { StatusLabel } from '../StatusShape';
import {
  CLASS_COLOR,
  FAULT_COLOR,
  MISSING_DASH,
  OPTIONAL_DASH,
} from './edgeLook';
import styles from './Legend.module.css';

function Line(props: { color: string; dash?: string; width?: number }) {
  return (
    <svg width="30" height="10" aria-hidden="true">
      <path
        d="M1 5H23"
        stroke={props.color}
        style={{ stroke: props.color }}
        strokeWidth={props.width ?? 1.5}
        strokeDasharray={props.dash}
      />
      <path d="M22 1.2 29 5 22 8.8Z" style={{ fill: props.color }} />
    </svg>
  );
}

/** What the shapes and lines of this picture mean; only what is in it is listed. */
export function Legend(props: { drawing: Drawing }) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const { nodes, edges } = props.drawing;
  const levels = new Set<StatusLevel>(
    nodes.flatMap(node =>
      node.type === 'object'
        ? [node.node.verdict.level, ...node.parts.map(p => p.verdict.level)]
        : [],
    ),
  );
  const drawn = edges.filter(edge => !edge.crossCutting);
  const classes = new Set<RelationClass>(
    drawn.filter(edge => !edge.missing && !edge.suffers).map(e => e.class),
  );
  return (
    <ul className={styles.legend} aria-label={t('canvas.legend')}>
      {[...LEVELS_BY_SEVERITY]
        .reverse()
        .filter(level => levels.has(level))
        .map(level => (
          <li key={level} className={styles.entry}>
            <StatusLabel level={level} />
          </li>
        ))}
      {[...classes].map(edgeClass => (
        <li key={edgeClass} className={styles.entry}>
          <Line color={CLASS_COLOR[edgeClass]} />
          {t(`relation.${edgeClass}`)}
        </li>
      ))}
      {drawn.some(edge => !edge.required) && (
        <li className={styles.entry}>
          <Line color={CLASS_COLOR.control} dash={OPTIONAL_DASH} />
          {t('canvas.optional')}
        </li>
      )}
      {drawn.some(edge => edge.missing) && (
        <li className={styles.entry}>
          <Line color={FAULT_COLOR} dash={MISSING_DASH} />
          {t('canvas.missing')}
        </li>
      )}
      {drawn.some(edge => edge.suffers) && (
        <li className={styles.entry}>
          <Line color={FAULT_COLOR} width={3} />
          {t('canvas.causeToEffect')}
        </li>
      )}
    </ul>
  );
}
