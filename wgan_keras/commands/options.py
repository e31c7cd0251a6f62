"""Options that do not go together."""


def refuse_others(context, known, why):
    """Refuses what was given on the command line and is not among `known`, names of parameters.

    Raises:
        ValueError: names the options.
    """
    given = (
        parameter
        for parameter in context.command.params
        if context.get_parameter_source(parameter.name).name == "COMMANDLINE"
    )
    others = [parameter.opts[0] for parameter in given if parameter.name not in known]
    if others:
        raise ValueError(f"{', '.join(others)} would change nothing here: {why}.")
