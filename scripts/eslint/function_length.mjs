const isCallOf = (node, name) =>
  node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === name;

/**
 * A function has at most so many lines. The callback of a `describe` only groups tests, which are
 * looked at themselves.
 */
export const functionLength = {
  meta: {
    type: 'suggestion',
    schema: [{ type: 'integer' }],
    messages: { long: 'This function has {{lines}} lines; at most {{most}} are allowed.' },
  },
  create(context) {
    const [most] = context.options;
    const check = (node) => {
      const lines = node.loc.end.line - node.loc.start.line + 1;
      if (lines <= most || isCallOf(node.parent, 'describe')) return;
      context.report({ node, messageId: 'long', data: { lines, most } });
    };
    return { ':function': check };
  },
};
