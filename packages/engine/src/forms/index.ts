export * from './csv';
export * from './dot';
export * from './drawableGraph';
export * from './graphMl';
export * from './mermaid';
