import { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { splitName } from '../../model/splitName';
import { StatusShape } from '../StatusShape';
import { EdgeEnds } from './EdgeEnds';
import { ObjectFlowNode } from './flowElements';
import styles from './nodes.module.css';

const PARTS_SHOWN = 3;

function PlainNode({ data }: NodeProps<ObjectFlowNode>) {
  const { kind, name, level, status, parts, ghost, emphasis, badge, selected } =
    data;
  const { head, tail } = splitName(name);
  return (
    <div
      className={styles.object}
      data-level={level}
      data-emphasis={emphasis}
      data-ghost={ghost || undefined}
      data-selected={selected || undefined}
      title={`${kind} ${name}`}
    >
      <EdgeEnds />
      {/* Spaces between the words, for who reads the text and not the boxes. */}
      <div className={styles.kind}>{kind}</div>{' '}
      {badge && <span className={styles.badge}>{badge}</span>}
      <div className={styles.name}>
        <span className={styles.nameHead}>{head}</span>
        <span>{tail}</span>
      </div>{' '}
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
}

/** One Kubernetes object: kind, name, status in shape and words, and its parts as chips. */
export const ObjectNode = memo(PlainNode);
