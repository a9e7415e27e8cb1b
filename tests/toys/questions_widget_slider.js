// A number to point at on a scale.
globalThis.CoursewrightKinds = {
  ...globalThis.CoursewrightKinds,
  slider: {
    mark: (part, response, result) => result(Number(response) === part.right ? 1 : 0),
    shown: ({ h, told }) => ({
      control: (part, label) => {
        const input = h('input', { type: 'range', min: part.low, max: part.high, step: part.step })
        return { element: h('label', {}, told('span', label || 'your_answer'), input), first: input, read: () => input.value }
      },
      right: part => String(part.right)
    })
  }
}
