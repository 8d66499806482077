import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;

/** Prints what java.util.logging writes for each call, and a stack trace as the JVM prints it, base64, a line each. */
public class Logs {
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.US);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StreamHandler handler = new StreamHandler(bytes, new SimpleFormatter());
    handler.setLevel(Level.ALL);
    Logger log = Logger.getLogger("shop");
    log.setUseParentHandlers(false);
    log.setLevel(Level.ALL);
    log.addHandler(handler);
    Runnable[] calls = {
      () -> log.info("started"),
      () -> log.warning("slow"),
      () -> log.log(Level.SEVERE, "payment failed", failure()),
      () -> log.fine("a call"),
    };
    for (Runnable call : calls) {
      call.run();
      handler.flush();
      print(bytes);
    }
    java.io.PrintStream stream = new java.io.PrintStream(bytes, true, StandardCharsets.UTF_8);
    stream.print("Exception in thread \"main\" ");
    failure().printStackTrace(stream);
    print(bytes);
  }

  static void print(ByteArrayOutputStream bytes) {
    System.out.println(Base64.getEncoder().encodeToString(bytes.toByteArray()));
    bytes.reset();
  }

  static Exception failure() {
    try {
      buy();
      return new Exception("unreachable");
    } catch (Exception caught) {
      return caught;
    }
  }

  static void buy() {
    try {
      throw new IOException("disk");
    } catch (IOException cause) {
      throw new IllegalStateException("no stock", cause);
    }
  }
}
