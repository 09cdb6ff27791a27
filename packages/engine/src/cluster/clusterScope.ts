import { KindScope } from '../kinds/kindScope';

/** What of a cluster is read; what is outside is `unknown`, never `missing`. Plain data. */
export interface ClusterScope {
  /**
   * Only the objects in these, for accounts that may not list in the whole cluster; they need not exist yet. Kinds
   * without a namespace are read where that is allowed. Default: the whole cluster.
   */
  namespaces?: readonly string[];
  /** Default: every kind. */
  kinds?: KindScope;
}
