import { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { shortName } from '../../model/shortName';
import { StatusShape } from '../StatusShape';
import { ObjectFlowNode } from './flowElements';
import styles from './nodes.module.css';

/** How many letters of a name fit into a box. */
const NAME_LENGTH = 29;
const PARTS_SHOWN = 3;

/** One Kubernetes object: kind, name, status in shape and words, and its parts as chips. */
export const ObjectNode = memo(function ObjectNode({
  data,
}: NodeProps<ObjectFlowNode>) {
  const { kind, name, level, status, parts, emphasis, badge, selected } = data;
  return (
    <div
      className={styles.object}
      data-level={level}
      data-emphasis={emphasis}
      data-selected={selected || undefined}
      title={`${kind} ${name}`}
    >
      <div className={styles.kindLine}>
        <span className={styles.kind}>{kind}</span>
        {badge && <span className={styles.badge}>{badge}</span>}
      </div>
      <div className={styles.name}>{shortName(name, NAME_LENGTH)}</div>
      <div className={styles.status}>
        <StatusShape level={level} />
        <span className={styles.statusText}>{status}</span>
      </div>
      {parts.length > 0 && (
        <div className={styles.parts}>
          {parts.slice(0, PARTS_SHOWN).map(part => (
            <span
              key={part.key}
              className={styles.part}
              title={`${part.name}: ${part.status}`}
            >
              <StatusShape level={part.level} size={9} />
              <span className={styles.partName}>{part.name}</span>
            </span>
          ))}
          {parts.length > PARTS_SHOWN && (
            <span className={styles.partsMore}>
              +{parts.length - PARTS_SHOWN}
            </span>
          )}
        </div>
      )}
    </div>
  );
});
