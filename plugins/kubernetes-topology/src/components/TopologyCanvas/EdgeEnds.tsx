import { Handle, Position } from '@xyflow/react';
import styles from './nodes.module.css';

/**
 * React Flow draws no edge to a node without these, even where they are given as data: it measures again as soon
 * as the node is mounted. Lines follow the layout's own ways, so they are never seen.
 */
export function EdgeEnds() {
  return (
    <>
      <Handle
        type="target"
        position={Position.Left}
        isConnectable={false}
        className={styles.edgeEnd}
      />
      <Handle
        type="source"
        position={Position.Right}
        isConnectable={false}
        className={styles.edgeEnd}
      />
    </>
  );
}
