export { decideSide } from './decision';
export type {
  Exemption,
  PolicyDecision,
  PortNumber,
  RuleDecision,
  SideDecision,
  Verdict as ReachVerdict,
} from './decision';
export type { Fault } from './fault';
export { inputOfObjects, isNetworkPolicy } from './inputOfObjects';
export { parseIpRange, shortRangeText } from './ipRange';
export type { IpFamily, IpRange } from './ipRange';
export type { InvalidPolicy, NetworkPolicy } from './networkPolicy';
export { readNetworkPolicy } from './networkPolicy';
export { networkPolicyFaults } from './networkPolicyFaults';
export { askedPortText, parseAskedPort } from './askedPort';
export type { AskedPort } from './askedPort';
export { MOST_MATRIX_PODS, podMatrix } from './podMatrix';
export type { PodMatrix } from './podMatrix';
export { PROTOCOLS } from './portSet';
export type { PortRange, Protocol } from './portSet';
export { reach, reachPair } from './reach';
export type { PairAnswer, ReachAnswer } from './reach';
export { Reachability } from './reachability';
export type { ReachabilityInput, ReachablePod } from './reachabilityInput';
export { addressEnds, podEnd } from './reachEnds';
export type { ReachEnd, ReachTarget } from './reachEnds';
export { workloadConnections } from './workloadConnections';
export type { WorkloadConnections } from './workloadConnections';
export type { WorkloadConnection } from './folding';
export { governedPods, policyChange } from './policyChange';
export type {
  ChangedConnection,
  PolicyChange,
  PolicyChangeAnswer,
} from './policyChange';
export type { PolicyEdit } from './policyEdit';
export { endText, ReachQuestionError } from './reachQuestion';
export type { EndName } from './reachQuestion';
export { reachReport } from './reachReport';
export type { ReachReport } from './reachReport';
export { routePath } from './routePath';
export type { BackendPath, RoutePath } from './routePath';
export { routingOfObjects } from './routing';
export type { Routing } from './routing';
export { smallestChange } from './smallestChange';
export { objectsOfNodes } from './objectsOfNodes';
export type { ClusterReachability } from '../store/reachabilityReads';
