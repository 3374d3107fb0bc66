"""Click in two languages: usage, headings, options and refusals from the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Final

import click

from kesos_sim import i18n
from kesos_sim.cli.kinds import Word
from kesos_sim.errors import InputError, nearest

_WIDTH: Final = 92
_FIRST_COLUMN: Final = 34


def language_of(words: Sequence[str]) -> str:
    """Return the language that a command line asks for, before it is taken apart.

    Parameters
    ----------
    words : sequence of str
        The command line.

    Returns
    -------
    str
        The last valid ``--lang``, else the user's language.
    """
    chosen = i18n.default_language()
    for word, following in pairwise([*words, ""]):
        name, _, value = word.partition("=")
        if word == "--":
            break
        wanted = value or following
        if name == "--lang" and wanted in i18n.LANGUAGES:
            chosen = wanted
    return chosen


def option(lang: str, *names: str, text: str | None = None, **settings: Any) -> click.Option:
    """Declare an option whose help is in the catalogue.

    Parameters
    ----------
    lang : str
        Language of the help.
    *names : str
        For instance ``--households``.
    text : str, optional
        Name of the help in ``cli.option``; that of the option when left out.
    **settings : object
        What `click.Option` takes.

    Returns
    -------
    click.Option
        The option.
    """
    key = text or names[0].lstrip("-").replace("-", "_")
    return click.Option(list(names), help=i18n.text(f"cli.option.{key}", lang), **settings)


def language_option(lang: str) -> click.Option:
    """Declare ``--lang``, which `language_of` has read already."""
    return option(lang, "--lang", type=Word(i18n.LANGUAGES), expose_value=False)


class Command(click.Command):
    """A command in one language.

    Parameters
    ----------
    name : str
        Name; texts are ``cli.<name>.help``, ``.examples`` and ``.short``.
    lang : str
        ``id`` or ``en``.
    params : list of click.Parameter
        Its options and arguments; ``--lang`` is added.
    callback : callable, optional
        What it does.
    key : str, optional
        Where its texts are, if not under its name.
    """

    def __init__(
        self,
        name: str,
        lang: str,
        params: Sequence[click.Parameter] = (),
        callback: Callable[..., Any] | None = None,
        key: str | None = None,
        **settings: Any,
    ) -> None:
        self.lang = lang
        self.key = key or name
        super().__init__(
            name=name, params=[*params, language_option(lang)], callback=callback, **settings
        )

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help`` with its text in this language."""
        found = super().get_help_option(ctx)
        if isinstance(found, click.Option):
            found.help = i18n.text("cli.option.help", self.lang)
        return found

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what follows the name in the usage line."""
        pieces = [i18n.text("cli.usage.options", self.lang)]
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Argument):
                shown = i18n.text(f"cli.argument.{parameter.name}", self.lang)
                shown = shown if parameter.required else f"[{shown}]"
                pieces.append(f"{shown}..." if parameter.nargs != 1 else shown)
        return pieces

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(
            ctx.command_path,
            " ".join(self.collect_usage_pieces(ctx)),
            prefix=i18n.text("cli.usage.prefix", self.lang) + " ",
        )

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command is for, and examples."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(i18n.text(f"cli.{self.key}.help", self.lang))
        examples = i18n.text(f"cli.{self.key}.examples", self.lang)
        with formatter.section(i18n.text("cli.usage.examples", self.lang)):
            for line in examples.splitlines():
                formatter.write(f"{'':{formatter.current_indent}}{line}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, with their defaults."""
        records = [
            self._record(parameter)
            for parameter in self.get_params(ctx)
            if isinstance(parameter, click.Option) and not parameter.hidden
        ]
        with formatter.section(i18n.text("cli.usage.option_list", self.lang)):
            formatter.write_dl(records, col_max=_FIRST_COLUMN)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write nothing below the options."""

    def get_help(self, ctx: click.Context) -> str:
        """Return the whole help page."""
        formatter = click.HelpFormatter(width=_WIDTH)
        self.format_help(ctx, formatter)
        return formatter.getvalue().rstrip("\n")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words apart; refuse wrong ones in this language."""
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            raise self._refusal(ctx, error) from None
        if rest and not isinstance(self, click.Group):
            raise InputError("KS1901", "cli.refusal.extra", got=" ".join(rest), help=_help(ctx))
        return rest

    def _refusal(self, ctx: click.Context, error: click.UsageError) -> InputError:
        """Turn click's refusal into ours."""
        if isinstance(error, click.NoSuchOption):
            known = [name for parameter in self.get_params(ctx) for name in parameter.opts]
            return InputError(
                "KS1902",
                "cli.refusal.option",
                option=error.option_name,
                suggestion=nearest(error.option_name, known),
                help=_help(ctx),
            )
        if isinstance(error, click.MissingParameter) and error.param is not None:
            name = error.param.name or ""
            shown = (
                i18n.text(f"cli.argument.{name}", self.lang)
                if isinstance(error.param, click.Argument)
                else error.param.opts[0]
            )
            return InputError("KS1903", "cli.refusal.missing", name=shown, help=_help(ctx))
        name = getattr(error, "option_name", None) or " ".join(ctx.args) or ctx.command_path
        return InputError("KS1904", "cli.refusal.value", option=name, help=_help(ctx))

    def _record(self, parameter: click.Option) -> tuple[str, str]:
        """Return the two columns of one option."""
        names = ", ".join([*parameter.opts, *parameter.secondary_opts])
        if not parameter.is_flag and not parameter.count:
            names += " " + self._metavar(parameter)
        text = parameter.help or ""
        default = parameter.default
        if isinstance(default, str | int) and not isinstance(default, bool):
            text += " " + i18n.text("cli.usage.default", self.lang, value=default)
        return names, text

    def _metavar(self, parameter: click.Option) -> str:
        """Return what stands for the value of an option."""
        if isinstance(parameter.type, Word):
            return "|".join(parameter.type.words)
        return i18n.text(f"cli.metavar.{parameter.type.name}", self.lang)


class Group(Command, click.Group):
    """A command that has commands.

    Parameters
    ----------
    name, lang, params, key
        As for `Command`.
    commands : list of click.Command
        The commands, in the order in which help lists them.
    """

    def __init__(
        self,
        name: str,
        lang: str,
        params: Sequence[click.Parameter] = (),
        key: str | None = None,
        commands: Sequence[click.Command] = (),
    ) -> None:
        super().__init__(
            name=name,
            lang=lang,
            params=params,
            key=key,
            commands={str(command.name): command for command in commands},
            callback=self._show_help,
            no_args_is_help=False,
            invoke_without_command=True,
        )

    def _show_help(self) -> None:
        """Show the help when no command was named."""
        context = click.get_current_context()
        if context.invoked_subcommand is None:
            click.echo(self.get_help(context))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of declaration."""
        return list(self.commands)

    def line_of(self, name: str) -> str:
        """Return the line of one command."""
        command = self.commands[name]
        key = command.key if isinstance(command, Command) else name
        return i18n.text(f"cli.{key}.short", self.lang)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what follows the name in the usage line."""
        return [*super().collect_usage_pieces(ctx), i18n.text("cli.usage.command", self.lang)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options."""
        records = [(name, self.line_of(name)) for name in self.list_commands(ctx)]
        with formatter.section(i18n.text("cli.usage.commands", self.lang)):
            formatter.write_dl(records, col_max=_FIRST_COLUMN)
        super().format_options(ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was named, or say which one is near."""
        command = self.get_command(ctx, args[0])
        if command is None:
            known = self.list_commands(ctx)
            raise InputError(
                "KS1905",
                "cli.refusal.command",
                got=args[0],
                expected=", ".join(known),
                suggestion=nearest(args[0], known),
                help=_help(ctx),
            )
        return args[0], command, args[1:]


def _help(ctx: click.Context) -> str:
    """Return the command that shows the help."""
    return f"{ctx.command_path} --help"
