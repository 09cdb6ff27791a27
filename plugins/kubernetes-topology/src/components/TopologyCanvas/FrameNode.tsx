import { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { StatusShape } from '../StatusShape';
import { useCanvasActions } from './CanvasActions';
import { FrameFlowNode } from './flowElements';
import styles from './nodes.module.css';

function PlainNode({ id, data }: NodeProps<FrameFlowNode>) {
  const { select } = useCanvasActions();
  const { kind, name, key, level, status, selected } = data;
  const title = (
    <>
      <span className={styles.frameKind}>{kind}</span>
      <span className={styles.frameName}>{name}</span>
      {level && (
        <span className={styles.frameStatus} data-level={level}>
          <StatusShape level={level} />
          {status}
        </span>
      )}
    </>
  );
  return (
    <div
      className={styles.frame}
      data-inner={id.includes('/', 'frame/'.length) || undefined}
      data-selected={selected || undefined}
    >
      {key ? (
        <button
          type="button"
          className={styles.frameTitle}
          onClick={() => select(key)}
        >
          {title}
        </button>
      ) : (
        <div className={styles.frameTitle}>{title}</div>
      )}
    </div>
  );
}

/** The box around what a cluster or a namespace contains; its title opens that object's details. */
export const FrameNode = memo(PlainNode);
