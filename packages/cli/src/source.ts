/** Where answers come from. */
export type Source = PortalSource | ClusterSource | FileSource | GraphSource;

/** A Backstage portal with the plugin, which reads its clusters all the time. */
export interface PortalSource {
  from: 'portal';
  /** Of the backend. */
  url: string;
  token?: string;
}

/** A cluster that is read by this process, from its beginning. */
export type ClusterSource = {
  /** What it is called in keys; default: as in the kubeconfig, or `in-cluster`. */
  name?: string;
  /** Only these; default: all. */
  namespaces?: readonly string[];
} & (
  | {
      from: 'kubeconfig';
      /** Default: as kubectl finds it. */
      file?: string;
      /** Default: the current one. */
      context?: string;
    }
  | { from: 'in-cluster' }
  | ({ from: 'portal-proxy' } & Omit<PortalSource, 'from'>)
);

/** Manifests, or what `kubectl get … -o json` wrote. */
export interface FileSource {
  from: 'files';
  /** A file, a folder, or `-` for standard input. */
  path: string;
  /** What the cluster is called in keys; default: as the file. */
  name?: string;
  /** Whether the files are read again when they change. Default: false. */
  isFollowed?: boolean;
}

/** A saved topology, as Skydive and `-o skydive` write it. */
export interface GraphSource {
  from: 'graph';
  /** A file, or `-` for standard input. */
  path: string;
}

/** How a cluster or files are read by this process. */
export interface ReadingOptions {
  /** A file of SQLite that keeps what was read; default: a temporary one. */
  database?: string;
  /** Folders of rule files, besides those that come with the engine. */
  rules: readonly string[];
  /**
   * What grace periods of files are measured against: milliseconds since the epoch, or the newest time that stands in
   * them. Default: the system's clock.
   */
  now?: number | 'newest';
  /** Nodes, edges or values of one answer; default: the engine's. */
  rows?: number;
  /** For the first lists, in milliseconds. */
  timeout: number;
  /** Default: on a terminal. */
  progress?: boolean;
  /** Whether what the engine logs is told. */
  verbose: boolean;
}
