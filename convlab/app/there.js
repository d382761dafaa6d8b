// Says that the page is there: its models are known and its kernel hears it.

export default { render: ({ model }) => model.send({ there: true }) };
