/** Canvas units. Sizes are fixed so that nothing is measured and a status change moves nothing. */
export const NODE_WIDTH = 224;
export const NODE_HEIGHT = 74;
/** A pod has a row more: its containers. */
export const POD_HEIGHT = 96;
export const FOLD_HEIGHT = 44;

export const GAP_BETWEEN_RANKS = 72;
export const GAP_BETWEEN_NODES = 22;
/** Between parts of one namespace that do not hang together. */
export const GAP_BETWEEN_PARTS = 36;
export const GAP_BETWEEN_FRAMES = 40;
export const FRAME_PADDING = 22;
/** Room for the frame's title. */
export const FRAME_HEADER = 44;
