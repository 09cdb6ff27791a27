import { Failure, usageFailure } from '../failure';
import { gremlinText } from './gremlinText';

const SET = /^(\S+)\s+(in|notin)\s+\(([^()]*)\)$/;
const KEY =
  /^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/**
 * The steps that keep what a label selector of kubectl matches: `app=web,tier!=db,env in (a, b),!legacy`.
 *
 * @throws Failure when it is none
 */
export function selectorSteps(selector: string): string {
  return requirementsOf(selector).map(stepOf).join('');
}

/** As labels have them. */
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

function requirementsOf(selector: string): string[] {
  return selector
    .split(/,(?![^()]*\))/)
    .map(text => text.trim())
    .filter(text => text !== '');
}

function stepOf(text: string): string {
  const set = SET.exec(text);
  if (set) {
    const [, key, operator, list] = set;
    const values = list.split(',').map(value => valueText(value.trim(), text));
    const predicate = operator === 'in' ? 'Within' : 'Without';
    return `.Has(${field(key, text)}, ${predicate}(${values.join(', ')}))`;
  }
  const equality = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(text);
  if (equality) {
    const [, key, operator, value] = equality;
    const wanted = valueText(value, text);
    return operator === '!='
      ? `.Has(${field(key, text)}, Nee(${wanted}))`
      : `.Has(${field(key, text)}, ${wanted})`;
  }
  return text.startsWith('!')
    ? `.HasNot(${field(text.slice(1).trim(), text)})`
    : `.Has(${field(text, text)})`;
}

function valueText(value: string, requirement: string): string {
  if (!VALUE.test(value)) {
    throw noSelector(requirement);
  }
  return gremlinText(value);
}

function noSelector(requirement: string): Failure {
  return usageFailure(
    `"${requirement}" is no label selector; write it like app=web,tier!=db,env in (a,b),!legacy`,
  );
}

function field(key: string, requirement: string): string {
  if (!KEY.test(key)) {
    throw noSelector(requirement);
  }
  return gremlinText(`K8s.Labels["${key}"]`);
}
