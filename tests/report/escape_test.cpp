#include "report/escape.hpp"

#include <string>

#include <gtest/gtest.h>

namespace deft::report {
namespace {

TEST(ReportEscape, HtmlLeavesNoCharacterThatMeansSomething) {
  EXPECT_EQ(html_escaped("<script>\"a\" & 'b'`</script>"),
            "&#60;script&#62;&#34;a&#34; &#38; &#39;b&#39;&#96;&#60;/script&#62;");
}

TEST(ReportEscape, PlainKeepsEveryScript) {
  const std::string text = "größe/日本語/naïve😀";
  EXPECT_EQ(plain(text), text);
}

TEST(ReportEscape, PlainReplacesWhatIsNoUtf8) {
  EXPECT_EQ(plain("a\xFF"
                  "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(plain("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD") << "overlong";
  EXPECT_EQ(plain("\xED\xA0\x80").find('\xED'), std::string::npos) << "surrogate";
  EXPECT_EQ(plain("a\xE6\x97"), "a\xEF\xBF\xBD\xEF\xBF\xBD") << "cut in half";
  EXPECT_EQ(plain("\xF5\x80\x80\x80").find('\xF5'), std::string::npos) << "beyond Unicode";
}

TEST(ReportEscape, PlainKeepsTerminalEscapesAndLineEndsOut) {
  EXPECT_EQ(plain("a\x1b[31mb"), "a\xEF\xBF\xBD[31mb");
  EXPECT_EQ(plain("a\nb\tc\r"), "a b c ");
  EXPECT_EQ(plain("a\u202Eb"),
            "a\xEF\xBF\xBD"
            "b")
      << "right-to-left override";
  EXPECT_EQ(plain(std::string("a\0b", 3)),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(ReportEscape, MarkdownFormsNoMarkupNoMentionNoLink) {
  EXPECT_EQ(markdown_escaped("a|b"), "a&#124;b");
  EXPECT_EQ(markdown_escaped("`x` <b> *y* _z_"), "&#96;x&#96; &#60;b&#62; &#42;y&#42; &#95;z&#95;");
  EXPECT_EQ(markdown_escaped("@you #12 [l](u)"), "&#64;&#8203;you &#35;&#8203;12 &#91;l&#93;(u)");
  EXPECT_EQ(markdown_escaped("a_b _a_ a__b"), "a_b &#95;a&#95; a&#95;&#95;b");
  EXPECT_EQ(markdown_escaped("https://example.org"), "https&#58;&#8203;//example.org");
  EXPECT_EQ(markdown_escaped("www.example.org"), "w&#8203;ww.example.org");
}

TEST(ReportEscape, MarkdownCodeIsASpanWhereThatIsSafe) {
  EXPECT_EQ(markdown_code("set/find_hit/u64"), "`set/find_hit/u64`");
  EXPECT_EQ(markdown_code("a|b"), "<code>a&#124;b</code>");
  EXPECT_EQ(markdown_code("a`b"), "<code>a&#96;b</code>");
  EXPECT_EQ(markdown_code("<script>"), "<code>&#60;script&#62;</code>");
  EXPECT_EQ(markdown_code("a\\"), "<code>a&#92;</code>");
  EXPECT_EQ(markdown_code(""), "<code></code>");
  EXPECT_EQ(markdown_code("@you"), "`@you`") << "GitHub mentions nobody in a code span";
  EXPECT_EQ(markdown_code("##[group]").find("##["), std::string::npos) << "a command of GitHub's logs";
}

TEST(ReportEscape, XmlHasOnlyTheCharactersOfVersionOne) {
  EXPECT_EQ(xml_escaped("<a b=\"c\">&'"), "&#60;a b=&#34;c&#34;&#62;&#38;&#39;");
  EXPECT_EQ(xml_escaped("a\uFFFEb\uFFFFc\x01"), "a\uFFFDb\uFFFDc\uFFFD");
  EXPECT_EQ(xml_escaped("\xED\xA0\x80").find('\xED'), std::string::npos) << "surrogate";
  EXPECT_EQ(xml_escaped("größe/日本語/😀"), "größe/日本語/😀");
}

TEST(ReportEscape, ClippedCountsCharactersAndNotBytes) {
  EXPECT_EQ(clipped("日本語", 3), "日本語");
  EXPECT_EQ(clipped("日本語", 2), "日本…");
  EXPECT_EQ(clipped("", 0), "");
}

TEST(ReportEscape, DisplayWidthIsThatOfATerminal) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("größe"), 5U);
  EXPECT_EQ(display_width("日本語"), 6U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("▲ ± µs"), 6U);
}

}  // namespace
}  // namespace deft::report
