import Tables
import Testing

@Suite("Differences read as diff -u prints them")
struct UnifiedDiffTests {
    private let ten = (1...10).map { "line \($0)\n" }.joined()

    @Test("a changed line stands between three lines of context, what was before what is")
    func changed() {
        let diff = UnifiedDiff(from: ten, to: ten.replacing("line 5\n", with: "line five\n"))

        #expect(
            diff.text(old: "old", new: "new") == """
                --- old
                +++ new
                @@ -2,7 +2,7 @@
                 line 2
                 line 3
                 line 4
                -line 5
                +line five
                 line 6
                 line 7
                 line 8

                """)
        #expect((diff.removed, diff.added) == (1, 1))
    }

    @Test("changes far apart are parts of their own")
    func apart() {
        let diff = UnifiedDiff(from: ten, to: "line 0\n" + ten.replacing("line 10\n", with: ""))

        #expect(
            diff.text(old: "a", new: "b") == """
                --- a
                +++ b
                @@ -1,3 +1,4 @@
                +line 0
                 line 1
                 line 2
                 line 3
                @@ -7,4 +8,3 @@
                 line 7
                 line 8
                 line 9
                -line 10

                """)
    }

    @Test("all new, all gone, and no difference")
    func extremes() {
        #expect(
            UnifiedDiff(from: "", to: "a\nb\n").text(old: "a", new: "b") == "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+a\n+b\n")
        #expect(UnifiedDiff(from: "a\n", to: "").text(old: "a", new: "b") == "--- a\n+++ b\n@@ -1 +0,0 @@\n-a\n")
        #expect(UnifiedDiff(from: ten, to: ten).text(old: "a", new: "b") == "")
    }
}
