import {moduleKind} from './module_kind.js';

/** What follows a return type of the form "decltype (expression) ", whose parentheses are not the parameters'. */
function withoutDecltype(name) {
  if (!name.startsWith('decltype (')) return name;
  let depth = 0;
  for (let i = 'decltype '.length; i < name.length; ++i) {
    if (name[i] === '(') ++depth;
    if (name[i] === ')' && --depth === 0) return name.slice(i + 1).trimStart();
  }
  return name;
}

/** Name without parameters and template arguments: "std::map::find". Operators and lambdas stay readable. */
export function shortName(full) {
  const name = withoutDecltype(full);
  let out = '';
  let depth = 0;
  for (let i = 0; i < name.length; ++i) {
    if (name.startsWith('operator', i) && depth === 0) {
      const symbol = /^operator(\(\)|<=>|<<|>>|<=|>=|->|<|>)?/.exec(name.slice(i))[0];
      out += symbol;
      i += symbol.length - 1;
    } else if (name.startsWith('(anonymous namespace)', i)) {
      if (depth === 0) out += '(anon)';
      i += '(anonymous namespace)'.length - 1;
    } else if (name[i] === '<' && (depth > 0 || i > 0)) {
      ++depth;
    } else if (name[i] === '>' && depth > 0) {
      --depth;
    } else if (depth === 0 && name[i] === '(' && i > 0) {
      break;
    } else if (depth === 0) {
      out += name[i];
    }
  }
  // A template's demangled name begins with its return type; "operator new" and "operator bool" do not.
  return out.trim().replace(/\[abi:\w+\]/g, '').replace(/^(?!.*\boperator\b).* (?=[^ ]+$)/, '') || name;
}

/** How a frame is labelled where there is little room. Scopes and threads are called what people called them. */
export function shortNameOf(frame) {
  const kind = moduleKind(frame.module);
  return kind === 'scope' || kind === 'thread' ? frame.function : shortName(frame.function);
}
