import { BaseEdge, EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { FlowEdge } from './flowElements';
import styles from './edges.module.css';

const LABEL = { fill: 'var(--bui-fg-primary)', fontSize: 11 };
const LABEL_BOX = { fill: 'var(--bui-bg-neutral-1)' };
const FAULT_LABEL = {
  fill: 'var(--bui-negative-fg-subdued)',
  fontSize: 11,
  fontWeight: 700,
};
const FAULT_LABEL_BOX = {
  fill: 'var(--bui-negative-bg-subdued)',
  stroke: 'var(--bui-fg-negative)',
};

function PlainEdge({ id, data, markerStart, markerEnd }: EdgeProps<FlowEdge>) {
  if (!data) {
    return null;
  }
  const { d, look, label, isFault, labelX, labelY } = data;
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
      labelStyle={isFault ? FAULT_LABEL : LABEL}
      labelBgStyle={isFault ? FAULT_LABEL_BOX : LABEL_BOX}
      labelBgPadding={[5, 3]}
      labelBgBorderRadius={4}
    />
  );
}

/** An edge along the way that the layout found. */
export const LineEdge = memo(PlainEdge);
