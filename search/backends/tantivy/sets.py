"""Which letters a query finds, without their order: for counts.

What stands in the subject or names the people stands among the words too: for counts a word is
looked for in two fields, where its order needs seven.
"""

from tantivy import Query

from language.arabic_attached import before_beginning, behind_particles
from language.nearness import misread
from search.backends.tantivy.query import QueryBuilder
from search.backends.tantivy.terms import any_of
from search.query.parsing import Word


class SetQueries(QueryBuilder):
    """Builds queries that find the same letters, without the parts that only weigh them."""

    def _word(self, word: Word) -> Query:
        answers = [self._term("words", word.text), self._any("stems", word.stems)]
        if word.number:
            answers += self._written(word.number)
            answers.append(self._term("number_key", word.number))
        if word.key:
            answers.append(self._term("keys", word.key))
        if word.names:
            answers.append(self._any("names", word.listed_names))
        if word.typos:
            answers.append(self._near("words", word.text, word.typos))
        if word.stem_typos:
            answers.append(self._near("stems", word.stems[0], word.stem_typos))
        return any_of(answers)

    def _near(self, field: str, text: str, typos: int) -> Query:
        """Match near words: what is within one letter is within two."""
        ways = [Query.fuzzy_term_query(self.schema, field, text, distance=typos)]
        if alike := misread(text):
            ways.append(self._any(field, alike))
        return any_of(ways)

    def _phrase(self, words: tuple[str, ...]) -> Query:
        spelt = [words, *((first, *words[1:]) for first in behind_particles(words[0]))]
        return any_of([self._side_by_side("words", one) for one in spelt])

    def _prefix(self, text: str) -> Query:
        ways = [self._beginning("words", text)]
        if before := "|".join(before_beginning(text)):
            ways.append(Query.regex_query(self.schema, "words", f"({before}){text}.*"))
        return any_of(ways)
