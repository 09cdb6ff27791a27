import { RiAddLine } from '@remixicon/react';
import { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { StatusShape } from '../StatusShape';
import { EdgeEnds } from './EdgeEnds';
import { FoldFlowNode } from './flowElements';
import styles from './nodes.module.css';

function PlainNode({ data }: NodeProps<FoldFlowNode>) {
  return (
    <div className={styles.fold} data-emphasis={data.emphasis}>
      <EdgeEnds />
      <StatusShape level={data.what === 'healthy' ? 'ok' : 'history'} />
      <span className={styles.foldText}>{data.text}</span>
      <RiAddLine size={16} aria-hidden />
    </div>
  );
}

/** Calm siblings that one box stands for; opening it draws them one by one. */
export const FoldNode = memo(PlainNode);
