import { mutatingPolicyKind, validatingPolicyKind } from './admissionPolicy';
import {
  mutatingPolicyBindingKind,
  validatingPolicyBindingKind,
} from './admissionPolicyBinding';
import { apiServiceKind } from './apiService';
import { backendTlsPolicyKind } from './backendTlsPolicy';
import { certificateSigningRequestKind } from './certificateSigningRequest';
import { ciliumEndpointKind, ciliumIdentityKind } from './ciliumEndpoint';
import {
  ciliumClusterwideNetworkPolicyKind,
  ciliumNetworkPolicyKind,
} from './ciliumNetworkPolicy';
import {
  adminNetworkPolicyKind,
  baselineAdminNetworkPolicyKind,
  clusterNetworkPolicyKind,
} from './clusterNetworkPolicy';
import { customResourceDefinitionKind } from './customResourceDefinition';
import { flowSchemaKind, priorityLevelKind } from './flowControl';
import { gatewayKind } from './gateway';
import { gatewayClassKind } from './gatewayClass';
import {
  grpcRouteKind,
  httpRouteKind,
  tcpRouteKind,
  tlsRouteKind,
  udpRouteKind,
} from './gatewayRoute';
import { horizontalPodAutoscalerKind } from './horizontalPodAutoscaler';
import { ingressClassKind } from './ingressClass';
import { KindDefinition } from './kindDefinition';
import { listenerSetKind, xListenerSetKind } from './listenerSet';
import { networkAttachmentDefinitionKind } from './networkAttachmentDefinition';
import { podDisruptionBudgetKind } from './podDisruptionBudget';
import { referenceGrantKind } from './referenceGrant';
import { ipAddressKind, serviceCidrKind } from './serviceNetwork';
import { verticalPodAutoscalerKind } from './verticalPodAutoscaler';
import {
  mutatingWebhookKind,
  validatingWebhookKind,
} from './webhookConfiguration';

/** Routing, network policy, autoscaling, disruption, admission and the API's own plumbing; referred to first. */
export const NETWORK_KINDS: readonly KindDefinition[] = [
  apiServiceKind,
  customResourceDefinitionKind,
  ingressClassKind,
  ipAddressKind,
  serviceCidrKind,
  gatewayClassKind,
  gatewayKind,
  listenerSetKind,
  xListenerSetKind,
  httpRouteKind,
  grpcRouteKind,
  tlsRouteKind,
  tcpRouteKind,
  udpRouteKind,
  referenceGrantKind,
  backendTlsPolicyKind,
  adminNetworkPolicyKind,
  baselineAdminNetworkPolicyKind,
  clusterNetworkPolicyKind,
  ciliumNetworkPolicyKind,
  ciliumClusterwideNetworkPolicyKind,
  ciliumIdentityKind,
  ciliumEndpointKind,
  networkAttachmentDefinitionKind,
  horizontalPodAutoscalerKind,
  verticalPodAutoscalerKind,
  podDisruptionBudgetKind,
  validatingWebhookKind,
  mutatingWebhookKind,
  validatingPolicyKind,
  validatingPolicyBindingKind,
  mutatingPolicyKind,
  mutatingPolicyBindingKind,
  flowSchemaKind,
  priorityLevelKind,
  certificateSigningRequestKind,
];
