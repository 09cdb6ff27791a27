import { BaseEdge, EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { FlowEdge } from './flowElements';
import styles from './edges.module.css';

function PlainEdge({ id, data, markerStart, markerEnd }: EdgeProps<FlowEdge>) {
  if (!data) {
    return null;
  }
  const { d, look, label, labelX, labelY } = data;
  return (
    <BaseEdge
      id={id}
      path={d}
      className={styles.line}
      data-weight={look.weight}
      style={{
        stroke: look.color,
        strokeWidth: look.width,
        strokeDasharray: look.dash,
      }}
      markerStart={markerStart}
      markerEnd={markerEnd}
      interactionWidth={0}
      label={label}
      labelX={labelX}
      labelY={labelY}
      labelStyle={{ fill: 'var(--bui-fg-primary)', fontSize: 11 }}
      labelBgStyle={{ fill: 'var(--bui-bg-neutral-1)' }}
      labelBgPadding={[5, 3]}
      labelBgBorderRadius={4}
    />
  );
}

/** An edge along the way that the layout found. */
export const LineEdge = memo(PlainEdge);
