import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { StatusLevel } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { topologyTranslationRef } from '../../translation';
import { SHAPES } from './shapes';
import styles from './StatusShape.module.css';

/** A level's shape in its colour; the word stands beside it, so it is hidden from screen readers. */
export function StatusShape(props: { level: StatusLevel; size?: number }) {
  const size = props.size ?? 14;
  return (
    <svg
      className={styles.shape}
      data-level={props.level}
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
    >
      <path fillRule="evenodd" d={SHAPES[props.level]} />
    </svg>
  );
}

/** Shape and word, with the reason where there is more to say. `word`: instead of the level's own. */
export function StatusLabel(props: {
  level: StatusLevel;
  reason?: string;
  word?: string;
}) {
  const { t } = useTranslationRef(topologyTranslationRef);
  const word = props.word ?? t(`level.${props.level}`);
  return (
    <span className={styles.label} data-level={props.level}>
      <StatusShape level={props.level} />
      {props.reason ? `${word}: ${props.reason}` : word}
    </span>
  );
}
